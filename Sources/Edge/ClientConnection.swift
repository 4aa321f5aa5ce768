import Gate
import Metrics
import NIOCore
import Sessions
import TLS
import Wire

/// One client's TLS connection: reads requests one after the other and sees each through to its answer.
///
/// The parts of an exchange are in extensions: reading the request (`+Request`), who is asking (`+Identity`), the way to
/// the workspace (`+Forwarding`), the answer (`+Answer`), what Lakegate serves itself (`+Local`) and the record of it
/// all (`+Record`).
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
    /// The peer's address without port, as text.
    let address: [UInt8]
    var tls: TLSConnection?
    var phase = Phase.reading
    /// Plaintext that arrived and was not consumed yet: part of a head, or what waits while an exchange waits.
    var input: [UInt8] = []
    var exchange = Exchange()
    /// Whether consuming has to wait: a session is being looked up, or a connection made.
    var isWaiting = false
    /// Set while consuming: what an answer given at once makes possible is done by the loop that is running already.
    var isConsuming = false
    /// How much of `input` is known to hold no whole head.
    var examined = 0
    /// When the first byte of the head that is still incomplete was here.
    var headBeganAt: NIODeadline?
    /// Whether the client said that it will send no more.
    var inputHasEnded = false
    var lastHeard = NIODeadline.now()
    var upstreamLastHeard = NIODeadline.now()
    /// Since when the client has not been reading what it is sent.
    var stalledSince: NIODeadline?

    init(loop: EdgeLoop, address: [UInt8]) {
        self.loop = loop
        self.address = address
    }

    var now: NIODeadline { loop.now }

    // MARK: TLSApplication

    func connectionReady() {
        loop.lookAtClock()
        lastHeard = now
        if loop.isDraining { close() }
    }

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
        releaseRequest()
    }

    func readCompleted() {
        exchange.upstream?.flush()
        pauseWhileUpstreamIsFull()
    }

    func inputEnded(_ ending: InputEnding) {
        inputHasEnded = true
        switch phase {
        // It may still read its answer, if it said so; a socket that just ends is a client that is gone.
        case .exchanging where exchange.body.isComplete && ending == .cleanly: break
        case .exchanging: giveUp(.clientGone)
        case .reading, .lingering, .closed: close()
        }
    }

    func writabilityChanged() {
        guard tls?.isWritable == true else { return }
        stalledSince = nil
        exchange.upstream?.resumeReading()
        if case .reading = phase, !input.isEmpty { goOn() }
    }

    func connectionClosed(_ reason: ClosingReason) {
        tls = nil
        if case .exchanging = phase { abandonExchange(.clientGone) }
        phase = .closed
        loop.giveBack(&input)
        loop.connections.remove(self)
        loop.shared.metrics.closed(.client)
    }

    // MARK: Closing

    /// Says goodbye and closes once everything written is out.
    func close() {
        if case .closed = phase { return }
        phase = .closed
        tls?.close()
    }

    /// Ends the exchange and the connection behind what was passed on so far, without the mark of a proper end, so
    /// that the client can't take a part for the whole.
    func giveUp(_ outcome: RequestOutcome) {
        abandonExchange(outcome)
        phase = .closed
        releaseAnswer()
        tls?.flush()
        tls?.abort()
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

    private func abandonExchange(_ outcome: RequestOutcome) {
        guard case .exchanging = phase else { return }
        exchange.upstream?.abandon()
        exchange.upstream = nil
        if case .complete = exchange.answer { return }
        exchange.outcome = outcome
        record()
        recycle()
    }
}
