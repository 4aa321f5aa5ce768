import HTTP2
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import TLS

/// One end of an HTTP/2 connection in a test's hands, client or server.
///
/// Unchecked because everything but the lock's contents is touched on the connection's event loop only.
final class HTTP2Peer: TLSApplication, HTTP2SessionDelegate, @unchecked Sendable {
    let session: HTTP2Session
    private var connection: TLSConnection?
    private let opened = NIOLockedValueBox<[HTTP2Call]>([])
    private let flags = NIOLockedValueBox((isReady: false, isOver: false, isSilent: false, goAways: 0))

    init(_ side: HTTP2Session.Side, settings: HTTP2Settings = HTTP2Settings()) {
        session = HTTP2Session(side: side, settings: settings)
        session.delegate = self
    }

    func attach(_ connection: TLSConnection) {
        self.connection = connection
    }

    var isReady: Bool { flags.withLockedValue { $0.isReady } }
    var isOver: Bool { flags.withLockedValue { $0.isOver } }
    var goAways: Int { flags.withLockedValue { $0.goAways } }

    // MARK: What a test does

    /// Opens a stream with a request; `nil` fields end the stream there.
    func request(_ fields: [(String, String)], hasBody: Bool = false) async throws -> HTTP2Call {
        let call = HTTP2Call(peer: self)
        try await onLoop { peer in
            call.stream = peer.session.submitRequest(Self.block(fields), hasBody: hasBody, handler: call)
        }
        return call
    }

    /// The next stream that the other side opened.
    func accept(_ index: Int = 0) async throws -> HTTP2Call {
        try await eventually("stream \(index)") { opened.withLockedValue { $0.count > index } }
        return opened.withLockedValue { $0[index] }
    }

    /// Says nothing any more, not even what a session answers by itself.
    func fallSilent() { flags.withLockedValue { $0.isSilent = true } }

    func cut() {
        connection?.eventLoop.execute { self.connection?.abort() }
    }

    func onLoop(_ action: @escaping @Sendable (HTTP2Peer) -> Void) async throws {
        guard let eventLoop = connection?.eventLoop else { throw Overdue(what: "an open connection") }
        try await eventLoop.submit {
            action(self)
            self.produce()
        }.get()
    }

    static func block(_ fields: [(String, String)]) -> HTTP2Fields {
        var block = HTTP2Fields()
        for (name, value) in fields {
            let (name, value) = (Array(name.utf8), Array(value.utf8))
            block.add(name: name.span.bytes, value: value.span.bytes)
        }
        return block
    }

    private func produce() {
        guard !flags.withLockedValue({ $0.isSilent }) else { return }
        var frames: [UInt8] = []
        session.produce(into: &frames, room: 1 << 20)
        connection?.write(frames.span.bytes)
        connection?.flush()
    }

    // MARK: TLSApplication

    func connectionReady() {
        produce()
        flags.withLockedValue { $0.isReady = true }
    }

    func received(_ bytes: RawSpan) { _ = session.receive(bytes) }
    func readCompleted() { produce() }
    func inputEnded(_ ending: InputEnding) { connection?.close() }
    func writabilityChanged() { produce() }

    func connectionClosed(_ reason: ClosingReason) {
        connection = nil
        session.finish()
        flags.withLockedValue { $0.isOver = true }
    }

    // MARK: HTTP2SessionDelegate

    func streamOpened(_ stream: HTTP2Stream) {
        let call = HTTP2Call(peer: self)
        call.stream = stream
        stream.handler = call
        opened.withLockedValue { $0.append(call) }
    }

    func goAwayReceived() { flags.withLockedValue { $0.goAways += 1 } }
    func settingsReceived() {}
    func pingAcknowledged() {}
}

/// One stream in a test's hands. Unchecked for the same reason as ``HTTP2Peer``.
final class HTTP2Call: HTTP2StreamHandler, @unchecked Sendable {
    struct State {
        /// Block by block, in order.
        var blocks: [[(name: String, value: String)]] = []
        var body: [UInt8] = []
        var hasEnded = false
        var closed: HTTP2ErrorCode?
        var wasProcessed = true
        /// Whether the peer may send on as soon as bytes arrive.
        var consumes = true
    }

    private let peer: HTTP2Peer
    fileprivate(set) var stream: HTTP2Stream?
    private let box = NIOLockedValueBox(State())

    init(peer: HTTP2Peer) { self.peer = peer }

    var state: State { box.withLockedValue { $0 } }

    func field(_ name: String, block: Int = 0) -> String? {
        let blocks = state.blocks
        return blocks.count > block ? blocks[block].first { $0.name == name }?.value : nil
    }

    func stopConsuming() { box.withLockedValue { $0.consumes = false } }

    func answer(_ fields: [(String, String)], endsStream: Bool = false) async throws {
        try await peer.onLoop { _ in self.stream?.submitHead(HTTP2Peer.block(fields), endsStream: endsStream) }
    }

    func send(_ bytes: [UInt8]) async throws {
        try await peer.onLoop { _ in self.stream?.send(bytes.span.bytes) }
    }

    func end(trailers: [(String, String)] = []) async throws {
        try await peer.onLoop { _ in
            trailers.isEmpty ? self.stream?.end() : self.stream?.end(trailers: HTTP2Peer.block(trailers))
        }
    }

    /// Bytes of the body that are in no frame yet.
    func unsent() async throws -> Int {
        let count = NIOLockedValueBox(0)
        try await peer.onLoop { _ in count.withLockedValue { $0 = self.stream?.outboxCount ?? 0 } }
        return count.withLockedValue { $0 }
    }

    func reset(_ code: HTTP2ErrorCode = .cancel) async throws {
        try await peer.onLoop { _ in self.stream?.reset(code) }
    }

    func untilEnded() async throws {
        try await eventually("the end of the stream, have \(state)") { state.hasEnded || state.closed != nil }
    }

    func untilClosed() async throws {
        try await eventually("the close of the stream") { state.closed != nil }
    }

    func until(blocks count: Int) async throws {
        try await eventually("\(count) blocks of fields") { state.blocks.count >= count || state.closed != nil }
    }

    // MARK: HTTP2StreamHandler

    func fields(_ stream: HTTP2Stream, _ block: borrowing FieldBlock, endsStream: Bool) {
        var fields: [(String, String)] = []
        block.forEach { name, value in
            let (name, value) = (name.withUnsafeBytes { Array($0) }, value.withUnsafeBytes { Array($0) })
            fields.append((String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
        }
        box.withLockedValue { $0.blocks.append(fields) }
    }

    func data(_ stream: HTTP2Stream, _ bytes: RawSpan) {
        let copy = bytes.withUnsafeBytes { Array($0) }
        box.withLockedValue { $0.body += copy }
        if state.consumes { stream.consumed(copy.count) }
    }

    func inputEnded(_ stream: HTTP2Stream) { box.withLockedValue { $0.hasEnded = true } }
    func writabilityChanged(_ stream: HTTP2Stream) {}

    func closed(_ stream: HTTP2Stream, error: HTTP2ErrorCode, wasProcessed: Bool) {
        self.stream = nil
        box.withLockedValue {
            $0.closed = error
            $0.wasProcessed = wasProcessed
        }
    }
}
