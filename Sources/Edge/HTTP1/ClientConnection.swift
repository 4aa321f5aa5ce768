import Gate
import Metrics
import NIOCore
import TLS
import Wire

/// One client's HTTP/1.1 connection: reads requests one after the other and sees each through to its answer.
///
/// Reading is in `+Request`, the answer in `+Answer`, time limits in `+Times`. What happens to a request in between is the
/// ``Exchange``'s.
final class ClientConnection: TLSApplication {
    enum Phase {
        /// Waiting for a head, or in the middle of one.
        case reading
        case exchanging
        /// The answer is out; what is left of the request is read and dropped (RFC 9112, section 9.6).
        case lingering(dropped: Int)
        case closed
    }

    let loop: EdgeLoop
    let address: [UInt8]
    let certificateNames: [String]
    var tls: TLSConnection?
    var phase = Phase.reading
    var exchange: Exchange?
    /// Plaintext that arrived and was not consumed yet: part of a head, or what waits while an exchange waits.
    var input: [UInt8] = []
    /// How much of `input` is known to hold no whole head.
    var examined = 0
    /// When the first byte of the head that is still incomplete was here.
    var headBeganAt: NIODeadline?
    var lastHeard: NIODeadline
    var answerFrames = AnswerFrames.asItComes
    /// Whether the connection goes on behind the answer.
    var keepsAlive = false
    var isHTTP10 = false
    /// Set while consuming: what an answer given at once makes possible is done by the loop that is running already.
    var isConsuming = false
    /// Whether the client said that it will send no more.
    var inputHasEnded = false
    /// Whether something was written that the socket has not been given yet.
    var isUnsettled = false

    init(loop: EdgeLoop, address: [UInt8], tls: TLSConnection) {
        self.loop = loop
        self.address = address
        self.tls = tls
        certificateNames = tls.clientNames
        lastHeard = loop.now
    }

    var now: NIODeadline { loop.now }

    // MARK: TLSApplication

    func connectionReady() {}

    func received(_ bytes: RawSpan) {
        loop.lookAtClock()
        lastHeard = now
        if input.isEmpty {
            let count = consume(bytes)
            keep(bytes.extracting(count..<bytes.byteCount))
        } else {
            keep(bytes)
            consumeInput()
        }
    }

    func readCompleted() {
        loop.settle()
    }

    func inputEnded(_ ending: InputEnding) {
        inputHasEnded = true
        switch phase {
        // It may still read its answer, if it said so; a socket that just ends is a client that is gone.
        case .exchanging where exchange?.body.isComplete == true && ending == .cleanly: break
        case .exchanging: exchange?.giveUp(.clientGone)
        case .reading, .lingering, .closed: close()
        }
        loop.settle()
    }

    func writabilityChanged() {
        guard tls?.isWritable == true else { return }
        exchange?.clientTakesMore()
        if case .reading = phase, !input.isEmpty { resumeRequest() }
        loop.settle()
    }

    func connectionClosed(_ reason: ClosingReason) {
        tls = nil
        exchange?.abandon(.clientGone)
        endExchange()
        phase = .closed
        loop.giveBack(&input)
        loop.connections.remove(self)
        loop.shared.metrics.closed(.client)
        loop.settle()
    }

    // MARK: Closing

    /// Says goodbye and closes once everything written is out.
    func close() {
        if case .closed = phase { return }
        phase = .closed
        tls?.close()
    }

    /// Reads on for a little while, so that the client sees the answer and not a reset.
    func linger() {
        phase = .lingering(dropped: input.count)
        loop.giveBack(&input)
        lastHeard = now
        tls?.resumeReading()
    }

    func drop(_ count: Int, after dropped: Int) {
        let total = dropped + count
        phase = .lingering(dropped: total)
        if total > loop.shared.limits.lingering { close() }
    }

    func endExchange() {
        guard let ended = exchange else { return }
        exchange = nil
        loop.giveBack(ended)
    }
}
