import NIOCore
import Sessions
import TLS

/// Where the bytes of a ``RedisChannel`` go.
protocol RedisTransport: AnyObject {
    func write(_ bytes: ByteBuffer)
    func close()
}

/// Plain TCP.
final class PlainRedisTransport: RedisTransport, ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let owner: RedisChannel
    private var context: ChannelHandlerContext?

    init(_ owner: RedisChannel) {
        self.owner = owner
    }

    func write(_ bytes: ByteBuffer) {
        context?.writeAndFlush(NIOAny(bytes), promise: nil)
    }

    func close() {
        context?.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { owner.received($0) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        owner.lose()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        owner.lose()
        context.close(promise: nil)
    }
}

/// TLS by the same engine as everywhere else.
final class TLSRedisTransport: RedisTransport, TLSApplication {
    private let owner: RedisChannel
    private var connection: TLSConnection?
    /// Called once, when it is known whether there is a connection.
    private var whenSettled: ((Result<Void, StoreError>) -> Void)?

    init(_ owner: RedisChannel, whenSettled: @escaping (Result<Void, StoreError>) -> Void) {
        self.owner = owner
        self.whenSettled = whenSettled
    }

    func makeHandler(
        _ context: TLSContext, to server: RedisServerAddress, loop: TLSLoop, patience: TimeAmount
    ) -> TLSConnection {
        let made = TLSConnection.client(
            context: context, serverName: server.host, port: server.port, loop: loop, application: self,
            handshakeTimeout: patience)
        connection = made
        return made
    }

    func write(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { connection?.write($0.bytes) }
        connection?.flush()
    }

    func close() {
        connection?.abort()
    }

    func connectionReady() {
        settle(.success(()))
    }

    func received(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { owner.received($0) }
    }

    func readCompleted() {}

    func inputEnded(_ ending: InputEnding) {
        connection?.close()
        owner.lose()
    }

    func writabilityChanged() {}

    func connectionClosed(_ reason: ClosingReason) {
        connection = nil
        settle(.failure(.unavailable("\(reason)")))
        owner.lose()
    }

    private func settle(_ result: Result<Void, StoreError>) {
        whenSettled?(result)
        whenSettled = nil
    }
}
