import Gate
import NIOCore
import TLS
import Wire

/// One TLS connection to a workspace: connects, reads answers, and serves one exchange at a time.
final class UpstreamConnection: TLSApplication {
    enum Phase {
        case connecting, idle, exchanging, closed
    }

    /// How much of the answer is still to come.
    enum Reader {
        case head
        case length(BodyMeter)
        case chunked(ChunkedDecoder)
        case untilClose
    }

    let loop: EdgeLoop
    let workspace: Int
    var tls: TLSConnection?
    var phase = Phase.connecting
    var reader = Reader.head
    var keepsAlive = false
    var method = HTTPMethod.get
    /// The beginning of a head that a read cut in two.
    var input: [UInt8] = []
    var client: ClientConnection?
    /// Who was written to during this read and wants a flush at its end.
    var written: ClientConnection?
    var idleSince = NIODeadline.now()
    /// Whether it lay in the pool, so that the workspace may have closed it meanwhile.
    var isReused = false
    var isCounted = false
    /// How much of `input` is known to hold no whole head.
    var examined = 0

    init(loop: EdgeLoop, workspace: Int, client: ClientConnection) {
        self.loop = loop
        self.workspace = workspace
        self.client = client
    }

    var isUsable: Bool {
        phase == .idle && tls?.isClosed == false
    }

    var isWritable: Bool {
        tls?.isWritable ?? false
    }

    // MARK: What a client connection asks for

    /// Takes this connection for one exchange.
    func begin(for client: ClientConnection, method: HTTPMethod) {
        self.client = client
        self.method = method
        examined = 0
        phase = .exchanging
        reader = .head
    }

    func flush() {
        tls?.flush()
    }

    func pauseReading() {
        tls?.pauseReading()
    }

    func resumeReading() {
        tls?.resumeReading()
    }

    /// Leaves the exchange unfinished; the connection can't be used again.
    func abandon() {
        client = nil
        if phase == .exchanging { abort() }
    }

    func close() {
        guard phase != .closed else { return }
        leave()
        tls?.close()
    }

    func abort() {
        leave()
        tls?.abort()
    }

    private func leave() {
        if phase == .idle { loop.pools[workspace].remove(self) }
        phase = .closed
    }

    // MARK: TLSApplication

    func connectionReady() {
        guard phase == .connecting else { return }
        loop.lookAtClock()
        loop.shared.metrics.opened(.upstream)
        isCounted = true
        phase = .idle
        idleSince = loop.now
        if let client {
            self.client = nil
            client.upstreamReady(self)
        } else {
            // Whoever takes it next can't know how long the workspace keeps it.
            isReused = true
            loop.pools[workspace].put(self)
        }
    }

    func received(_ bytes: RawSpan) {
        loop.lookAtClock()
        // A workspace that speaks without being asked can't be trusted with the next request.
        guard phase == .exchanging, let client else { return abort() }
        client.upstreamSpoke()
        written = client
        switch reader {
        case .head: receiveHead(bytes)
        case .length, .chunked, .untilClose: receiveBody(bytes)
        }
        client.releaseAnswer()
        // A connection that closed itself meanwhile is not told that the read is over.
        if phase == .closed { readCompleted() }
    }

    func readCompleted() {
        guard let client = written else { return }
        written = nil
        client.flushAnswer()
    }

    func inputEnded(_ ending: InputEnding) {
        switch (phase, reader, ending) {
        case (.exchanging, .untilClose, .cleanly):
            written = client
            ended(leftover: true)
            readCompleted()
        default:
            close()
            readCompleted()
            failed(because: .closed)
        }
    }

    func writabilityChanged() {
        client?.upstreamWritabilityChanged()
    }

    func connectionClosed(_ reason: ClosingReason) {
        closed(because: reason)
    }

    func closed(because reason: ClosingReason) {
        loop.lookAtClock()
        let before = phase
        leave()
        tls = nil
        if isCounted { loop.shared.metrics.closed(.upstream) }
        isCounted = false
        readCompleted()
        if case .connecting = before {
            let waiting = client
            client = nil
            waiting?.upstreamFailed(.unreachable, because: reason)
        } else {
            failed(because: reason)
        }
    }

    /// Tells the client that the answer will not be complete.
    private func failed(because reason: ClosingReason) {
        guard let client else { return }
        self.client = nil
        client.upstreamFailed(isReused && !client.hasAnswer ? .stale : .broke, because: reason)
    }
}
