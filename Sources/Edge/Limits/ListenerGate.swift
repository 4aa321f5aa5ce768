import Logging
import Metrics
import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// Decides at the listener which connections come in, and when none is taken: those then wait in the kernel's queue.
///
/// Reading is switched off rather than withheld: after a failed accept NIO keeps the socket registered, and would be told
/// of the same connection again and again.
final class ListenerGate: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private let shared: EdgeShared
    private var isOutOfFiles = false
    private var reported: AcceptPause?
    /// When the log last heard of a pause, and whether it has still to hear of its end.
    private var toldAt: NIODeadline?
    private var owesEnd = false

    init(shared: EdgeShared) {
        self.shared = shared
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let gate = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        let look: @Sendable () -> Void = { eventLoop.execute { gate.value.0.look(gate.value.1) } }
        shared.admission.whenRoom(look)
        shared.memory.whenChanged(look)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        shared.admission.whenRoom(nil)
        shared.memory.whenChanged(nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        let client = ClientNetwork(channel.remoteAddress?.bytes ?? [])
        let (admission, metrics) = (shared.admission, shared.metrics)
        guard admission.enter(client) else {
            metrics.turnedAway()
            return channel.close(promise: nil)
        }
        channel.closeFuture.whenComplete { _ in admission.leave(client) }
        context.fireChannelRead(data)
        look(context)
    }

    /// The system has no room for another socket: what is open goes on, and after half a second it is tried again.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let number = (error as? IOError)?.errnoCode, number != ECONNABORTED else { return }
        isOutOfFiles = true
        look(context)
        let gate = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(500)) {
            gate.value.0.isOutOfFiles = false
            gate.value.0.look(gate.value.1)
        }
    }

    private var pause: AcceptPause? {
        if isOutOfFiles { return .files }
        if shared.memory.isShort { return .memory }
        return shared.admission.isFull ? .connections : nil
    }

    private func look(_ context: ChannelHandlerContext) {
        let pause = pause
        guard pause != reported else { return }
        let isAccepting = pause == nil
        if isAccepting != (reported == nil) {
            try? context.channel.syncOptions?.setOption(.autoRead, value: isAccepting)
        }
        shared.metrics.acceptPaused(reported, becomes: pause)
        reported = pause
        tell(of: pause, at: .now())
    }

    /// Pauses can come and go many times a second: the log hears of one a minute, and of its end.
    private func tell(of pause: AcceptPause?, at now: NIODeadline) {
        if let pause {
            guard toldAt.map({ now - $0 >= .minutes(1) }) ?? true else { return }
            toldAt = now
            owesEnd = true
            shared.logger.warning("no connections are accepted", metadata: ["reason": "\(pause.explanation)"])
        } else if owesEnd {
            owesEnd = false
            shared.logger.info("connections are accepted again")
        }
    }
}

extension AcceptPause {
    /// With what an operator would change.
    fileprivate var explanation: String {
        switch self {
        case .connections: "as many as limits.connections allows are open"
        case .files: "the system's limit of open files is reached (ulimit -n, LimitNOFILE)"
        case .memory: "memory is short (limits.memory)"
        }
    }
}

extension SocketAddress {
    /// The address as in a packet, without port; empty for a Unix socket.
    var bytes: [UInt8] {
        switch self {
        case .v4(let address): withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
        case .v6(let address): withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
        case .unixDomainSocket: []
        }
    }
}
