import Gate
import NIOCore
import NIOPosix
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
        case length(UInt64)
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
    /// Whether an exchange was served before, so that the workspace may have closed the connection meanwhile.
    var isReused = false

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

    /// Starts to connect; the client hears `upstreamReady` or `upstreamFailed`.
    func connect() {
        let target = loop.shared.workspaces[workspace]
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        ClientBootstrap(group: loop.eventLoop)
            .connectTimeout(TimeAmount(loop.shared.times.upstreamConnect))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelOption(.maxMessagesPerRead, value: 4)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try bound.value.install(on: channel) }
            }
            .connect(host: target.upstreamHost, port: target.upstreamPort)
            .assumeIsolated()
            .whenFailure { bound.value.closed(because: .socketFailure("\($0)")) }
    }

    /// Takes this connection for one exchange.
    func begin(for client: ClientConnection, method: HTTPMethod) {
        self.client = client
        self.method = method
        phase = .exchanging
        reader = .head
    }

    func write(_ bytes: RawSpan) {
        tls?.write(bytes)
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
        phase = .closed
        tls?.close()
    }

    func abort() {
        phase = .closed
        tls?.abort()
    }

    private func install(on channel: any Channel) throws {
        let target = loop.shared.workspaces[workspace]
        let connection = TLSConnection.client(
            context: target.upstreamTLS, serverName: target.upstreamHost, port: target.upstreamPort,
            loop: loop.tlsLoop, application: self)
        tls = connection
        try channel.pipeline.syncOperations.addHandler(connection)
    }

    // MARK: TLSApplication

    func connectionReady() {
        guard phase == .connecting else { return }
        loop.lookAtClock()
        loop.shared.metrics.opened(.upstream)
        phase = .idle
        idleSince = loop.now
        if let client {
            self.client = nil
            client.upstreamReady(self)
        } else {
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
            failed()
        }
    }

    func writabilityChanged() {
        client?.upstreamWritabilityChanged()
    }

    func connectionClosed(_ reason: ClosingReason) {
        closed(because: reason)
    }

    private func closed(because reason: ClosingReason) {
        let before = phase
        phase = .closed
        tls = nil
        switch before {
        case .connecting:
            let waiting = client
            client = nil
            waiting?.upstreamFailed(.unreachable, because: reason)
            return
        case .idle: loop.pools[workspace].remove(self)
        case .exchanging, .closed: failed()
        }
        loop.shared.metrics.closed(.upstream)
    }

    /// Tells the client that the answer will not be complete.
    private func failed() {
        guard let client else { return }
        self.client = nil
        client.upstreamFailed(isReused && !client.hasAnswer ? .stale : .broke, because: .closed)
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        self = .milliseconds(duration.milliseconds)
    }
}
