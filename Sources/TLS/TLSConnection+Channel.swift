import COpenSSL
import NIOCore

// What the channel calls.
extension TLSConnection: ChannelDuplexHandler {
    public typealias InboundIn = ByteBuffer
    public typealias InboundOut = Never
    public typealias OutboundIn = Never
    public typealias OutboundOut = ByteBuffer

    public func handlerAdded(context: ChannelHandlerContext) {
        channelContext = context
        isWritable = context.channel.isWritable
        LoopReadBuffers.install(on: context.channel, loop: loop)
        direct.attach(to: context.channel)
        if context.channel.isActive { start() }
    }

    public func handlerRemoved(context: ChannelHandlerContext) {
        finish(.closed)
        channelContext = nil
        direct.detach()
    }

    public func channelActive(context: ChannelHandlerContext) {
        start()
    }

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state != .closed, !reading.hasEnded else { return }
        let buffer = unwrapInboundIn(data)
        receive(buffer)
        loop.giveBackReadBuffer(buffer)
    }

    public func channelReadComplete(context: ChannelHandlerContext) {
        completeRead()
    }

    public func read(context: ChannelHandlerContext) {
        if reading.isPaused, state == .open {
            reading.isWithheld = true
        } else {
            context.read()
        }
    }

    public func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        guard state == .open else { return }
        application?.writabilityChanged()
    }

    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { socketInputEnded() }
    }

    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(.socketFailure(reason(of: error)))
    }

    public func channelInactive(context: ChannelHandlerContext) {
        switch state {
        case .handshaking: finish(.tlsFailure("the peer closed the connection during the TLS handshake"))
        case .open:
            endInput(.truncated)
            finish(.closed)
        case .closed: finish(.closed)
        }
    }
}

/// The system's words for it, without the call it came from.
private func reason(of error: any Error) -> String {
    guard let failure = error as? IOError else { return String(describing: error) }
    return String(cString: strerror(failure.errnoCode))
}
