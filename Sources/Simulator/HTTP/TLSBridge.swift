import NIOCore
import TLS

/// Puts ordinary channel handlers on top of a ``TLSConnection``, which by itself speaks to one application object.
///
/// It is that application, and at the same time the next handler in the pipeline: plaintext goes up as channel reads,
/// and what handlers write comes down to the connection. What the channel itself says is the connection's to hear.
final class TLSBridge {
    private var connection: TLSConnection?
    private var context: ChannelHandlerContext?

    /// Adds a server-side connection and this bridge to a pipeline.
    static func install(
        _ settings: TLSContext, loop: TLSLoop, on pipeline: ChannelPipeline.SynchronousOperations
    ) throws {
        let bridge = TLSBridge()
        try bridge.join(TLSConnection.server(context: settings, loop: loop, application: bridge), pipeline)
    }

    /// The same for the client's side; handlers above hear of `TLSReady` when they may write.
    static func installClient(
        _ settings: TLSContext, to host: String, port: Int, loop: TLSLoop,
        on pipeline: ChannelPipeline.SynchronousOperations
    ) throws {
        let bridge = TLSBridge()
        let connection = TLSConnection.client(
            context: settings, serverName: host, port: port, loop: loop, application: bridge)
        try bridge.join(connection, pipeline)
    }

    private func join(_ connection: TLSConnection, _ pipeline: ChannelPipeline.SynchronousOperations) throws {
        self.connection = connection
        try pipeline.addHandler(connection)
        try pipeline.addHandler(self)
    }
}

extension TLSBridge: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        connection = nil
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard let connection, !connection.isClosed else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        unwrapOutboundIn(data).withUnsafeReadableBytes { connection.write($0.bytes) }
        promise?.succeed()
    }

    func flush(context: ChannelHandlerContext) {
        connection?.flush()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        context.channel.closeFuture.cascade(to: promise)
        connection?.close()
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is AbortConnection else { return context.triggerUserOutboundEvent(event, promise: promise) }
        connection?.abort()
        promise?.succeed()
    }
}

extension TLSBridge: TLSApplication {
    func connectionReady() {
        context?.fireUserInboundEventTriggered(TLSReady())
    }

    func received(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { context?.fireChannelRead(NIOAny(ByteBuffer(bytes: $0))) }
    }

    func readCompleted() {
        context?.fireChannelReadComplete()
    }

    /// HTTP says where its messages end, so half a connection is of no more use here than none.
    func inputEnded(_ ending: InputEnding) {
        connection?.close()
    }

    func writabilityChanged() {
        context?.fireChannelWritabilityChanged()
    }

    func connectionClosed(_ reason: ClosingReason) {
        if case .closed = reason {} else { context?.fireErrorCaught(TLSBroken(reason: reason)) }
        context?.fireChannelInactive()
        connection = nil
    }
}

/// The handshake is done.
struct TLSReady {}

/// The TLS connection ended in an error.
struct TLSBroken: Error {
    var reason: ClosingReason
}
