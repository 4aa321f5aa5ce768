import Gate
import NIOCore
import TLS
import Wire

/// One HTTP/1.1 connection to a workspace: reads answers, and serves one exchange at a time.
final class UpstreamConnection: TLSApplication {
    enum Phase {
        case idle, exchanging, closed
    }

    /// How much of the answer is still to come.
    enum Reader {
        case head
        case length(BodyMeter)
        case chunked(ChunkedDecoder)
        case untilClose
    }

    let loop: EdgeLoop
    let upstreams: Upstreams
    var tls: TLSConnection?
    var phase = Phase.idle
    var reader = Reader.head
    var keepsAlive = false
    /// The beginning of a head that a read cut in two.
    var input: [UInt8] = []
    var exchange: Exchange?
    var idleSince = NIODeadline.now()
    /// Whether it lay in the pool, so that the workspace may have closed it meanwhile.
    var isReused = false
    /// Whether something was written that the socket has not been given yet.
    var isUnsettled = false
    /// How much of `input` is known to hold no whole head.
    var examined = 0

    /// Takes over a connection on which nothing was sent yet.
    init(_ tls: TLSConnection, upstreams: Upstreams) {
        self.upstreams = upstreams
        self.tls = tls
        loop = upstreams.loop
        idleSince = loop.now
        loop.shared.metrics.opened(.upstream)
        tls.handOver(to: self)
    }

    /// Into the pool without having served. Whoever takes it can't know how long the workspace keeps it.
    func putAside() {
        isReused = true
        upstreams.pool.put(self)
    }

    var isUsable: Bool {
        phase == .idle && tls?.isClosed == false
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
        if phase == .idle { upstreams.pool.remove(self) }
        phase = .closed
    }

    // MARK: TLSApplication

    func connectionReady() {}

    func received(_ bytes: RawSpan) {
        loop.lookAtClock()
        // A workspace that speaks without being asked can't be trusted with the next request.
        guard phase == .exchanging, exchange != nil else { return abort() }
        switch reader {
        case .head: receiveHead(bytes)
        case .length, .chunked, .untilClose: receiveBody(bytes)
        }
        // A connection that closed itself meanwhile is not told that the read is over.
        if phase == .closed { loop.settle() }
    }

    func readCompleted() {
        loop.settle()
    }

    func inputEnded(_ ending: InputEnding) {
        switch (phase, reader, ending) {
        case (.exchanging, .untilClose, .cleanly): ended(leftover: true)
        default:
            close()
            failed(because: .closed)
        }
        loop.settle()
    }

    func writabilityChanged() {
        if tls?.isWritable == true { exchange?.upstreamTakesMore() }
        loop.settle()
    }

    func connectionClosed(_ reason: ClosingReason) {
        loop.lookAtClock()
        leave()
        tls = nil
        loop.shared.metrics.closed(.upstream)
        failed(because: reason)
        loop.settle()
    }

    /// Tells the exchange that the answer will not be complete.
    private func failed(because reason: ClosingReason) {
        guard let exchange else { return }
        self.exchange = nil
        exchange.upstreamFailed(isReused && !exchange.hasAnswer ? .stale : .broke, because: reason)
    }
}
