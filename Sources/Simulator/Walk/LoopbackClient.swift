import NIOCore
import NIOHTTP1
import NIOPosix
import TLS

/// The walk's HTTP client: a TLS connection for each request, nothing followed, nothing remembered.
public struct LoopbackClient: WalkClient {
    private let trust: TLSContext
    private let group: any EventLoopGroup

    /// - Parameter caPath: PEM file with the authority that certified whoever is called.
    public init(caPath: String, on group: any EventLoopGroup) throws(TLSError) {
        trust = try TLSContext.client(caPath: caPath, applicationProtocols: ["http/1.1"])
        self.group = group
    }

    public func send(
        method: String, url: String, fields: [(name: String, value: String)], body: [UInt8]
    ) async throws -> WalkAnswer {
        guard let address = WebAddress(url) else { throw WalkFailure.badAddress }
        var head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: address.target)
        head.headers.add(contentsOf: [("host", address.authority), ("connection", "close")])
        if !body.isEmpty { head.headers.add(name: "content-length", value: "\(body.count)") }
        head.headers.add(contentsOf: fields)
        return try await exchange(head, ByteBuffer(bytes: body), with: address)
    }

    private func exchange(
        _ head: HTTPRequestHead, _ body: ByteBuffer, with address: WebAddress
    ) async throws -> WalkAnswer {
        let (trust, eventLoop) = (trust, group.next())
        let answer = eventLoop.makePromise(of: WalkAnswer.self)
        let connecting = ClientBootstrap(group: eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try TLSBridge.installClient(
                        trust, to: address.host, port: address.port, loop: TLSLoop(eventLoop: eventLoop), on: pipeline)
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(OneAnswer(head: head, body: body, promise: answer))
                }
            }
            .connect(host: address.host, port: address.port)
        connecting.whenFailure { error in answer.fail(error) }
        return try await answer.futureResult.get()
    }
}

/// Sends one request when TLS is ready and collects its answer.
private final class OneAnswer: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart
    private let head: HTTPRequestHead
    private let body: ByteBuffer
    private let promise: EventLoopPromise<WalkAnswer>
    private var answer = WalkAnswer(status: 0, fields: [], body: [])

    init(head: HTTPRequestHead, body: ByteBuffer, promise: EventLoopPromise<WalkAnswer>) {
        self.head = head
        self.body = body
        self.promise = promise
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is TLSReady else { return context.fireUserInboundEventTriggered(event) }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer.status = Int(head.status.code)
            answer.fields = head.headers.map { ($0.name, $0.value) }
        case .body(let bytes): answer.body += bytes.readableBytesView
        case .end:
            promise.succeed(answer)
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.eof)
    }
}
