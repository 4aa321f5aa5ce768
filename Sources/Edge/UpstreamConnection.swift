import Gate
import NIOCore
import NIOPosix
import TLS
import Wire

/// One TLS connection to a workspace: connects, reads answers, and serves one exchange at a time.
final class UpstreamConnection: TLSApplication {
    private enum Phase {
        case connecting, idle, exchanging, closed
    }

    /// How much of the answer is still to come.
    private enum Reader {
        case head
        case length(UInt64)
        case chunked(ChunkedDecoder)
        case untilClose
    }

    private let loop: EdgeLoop
    private let workspace: Int
    private var tls: TLSConnection?
    private var phase = Phase.connecting
    private var reader = Reader.head
    private var keepsAlive = false
    private var method = HTTPMethod.get
    /// The beginning of a head that a read cut in two.
    private var input: [UInt8] = []
    private var client: ClientConnection?
    /// Who was written to during this read and wants a flush at its end.
    private var written: ClientConnection?
    private(set) var idleSince = NIODeadline.now()
    /// Whether an exchange was served before, so that the workspace may have closed the connection meanwhile.
    private(set) var isReused = false

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

    private func abort() {
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

    // MARK: The answer

    private func receiveHead(_ bytes: RawSpan) {
        guard !input.isEmpty else { return parseHeads(bytes) }
        bytes.withUnsafeBytes { input.append(contentsOf: $0) }
        var whole: [UInt8] = []
        swap(&whole, &input)
        parseHeads(whole.span.bytes)
        loop.giveBack(&whole)
    }

    /// Interim answers go on as they come; the final head begins the body.
    private func parseHeads(_ bytes: RawSpan) {
        var rest = bytes
        while true {
            switch loop.responseHead.parse(rest, limits: loop.shared.headLimits, requestMethod: method) {
            case .incomplete:
                return keep(rest)
            case .invalid:
                return refuseAnswer()
            case .complete(let length):
                let head = rest.extracting(0..<length)
                rest = rest.extracting(length..<rest.byteCount)
                guard loop.responseHead.isInformational else { return begin(head, then: rest) }
                guard loop.responseHead.status != 101 else { return refuseAnswer() }
                client?.informed(head)
            }
        }
    }

    private func keep(_ bytes: RawSpan) {
        guard bytes.byteCount > 0 else { return }
        input = loop.takeBuffer()
        bytes.withUnsafeBytes { input.append(contentsOf: $0) }
    }

    private func refuseAnswer() {
        let asking = client
        client = nil
        abort()
        asking?.upstreamFailed(.nonsense, because: .closed)
    }

    private func begin(_ head: RawSpan, then body: RawSpan) {
        keepsAlive = loop.responseHead.keepsAlive
        let framing = loop.responseHead.framing
        client?.answered(head)
        // The client may have turned away from this answer to ask again with a newer token.
        guard client != nil else { return }
        switch framing {
        case .none: ended(leftover: body.byteCount > 0)
        case .length(let length):
            reader = .length(length)
            receiveBody(body)
        case .chunked:
            reader = .chunked(ChunkedDecoder())
            receiveBody(body)
        case .untilClose:
            reader = .untilClose
            receiveBody(body)
        }
    }

    private func receiveBody(_ bytes: RawSpan) {
        switch reader {
        case .head: break
        case .length(let remaining): receiveCounted(bytes, remaining)
        case .chunked(var decoder):
            reader = .untilClose  // The decoder is moved out, not copied.
            receiveChunks(bytes, &decoder)
        case .untilClose:
            if bytes.byteCount > 0 { client?.answerContinues(bytes) }
        }
    }

    private func receiveCounted(_ bytes: RawSpan, _ remaining: UInt64) {
        let count = Int(min(remaining, UInt64(bytes.byteCount)))
        if count > 0 { client?.answerContinues(bytes.extracting(0..<count)) }
        guard client != nil else { return }
        reader = .length(remaining - UInt64(count))
        if remaining == UInt64(count) { ended(leftover: bytes.byteCount > count) }
    }

    private func receiveChunks(_ bytes: RawSpan, _ decoder: inout ChunkedDecoder) {
        var offset = 0
        while client != nil {
            switch decoder.next(bytes, from: offset) {
            case .data(let range):
                client?.answerContinues(bytes.extracting(range))
                offset = range.upperBound
            case .needMore:
                reader = .chunked(decoder)
                return
            case .end(let consumed):
                return ended(leftover: bytes.byteCount > consumed)
            case .invalid:
                return refuseAnswer()
            }
        }
    }

    /// The answer is complete. The connection goes back before anything is flushed, for a flush may close it.
    private func ended(leftover: Bool) {
        guard let client else { return }
        self.client = nil
        let isReusable = keepsAlive && !leftover && client.requestIsComplete && tls?.isClosed == false
        client.answerEnded()
        guard isReusable else { return close() }
        phase = .idle
        reader = .head
        isReused = true
        idleSince = loop.now
        loop.pools[workspace].put(self)
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        self = .milliseconds(duration.milliseconds)
    }
}
