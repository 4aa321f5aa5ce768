import Basics
import NIOCore
import Sessions

/// One connection: writes commands in the order given and matches replies to them first in, first out.
///
/// A command that waits too long ends the connection: a server that has stalled owes us nothing that can be trusted
/// to be in order, and a new connection is cheap. Lives on its channel's event loop.
final class RedisChannel: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias Answer = (Result<RESPValue, StoreError>) -> Void

    private struct Waiting {
        let deadline: NIODeadline
        let answer: Answer
    }

    private let reader = RESPReader()
    private var waiting: CircularBuffer<Waiting> = []
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    /// Called once, when the connection is lost.
    var onClose: (() -> Void)?
    /// Called with what comes in on a channel that was subscribed to.
    var onMessage: (([UInt8]) -> Void)?

    var waitingCount: Int { waiting.count }

    func send(_ command: RedisCommand, deadline: NIODeadline, answer: @escaping Answer) {
        guard let context else { return answer(.failure(.unavailable("the connection was lost"))) }
        waiting.append(Waiting(deadline: deadline, answer: answer))
        var buffer = context.channel.allocator.buffer(capacity: 256)
        command.append(to: &buffer)
        context.writeAndFlush(NIOAny(buffer), promise: nil)
        watch()
    }

    func close() {
        context?.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        do throws(RESPGarbage) {
            try read(buffer)
        } catch {
            lose(context, .refused("the answer is not RESP"))
        }
    }

    private func read(_ buffer: ByteBuffer) throws(RESPGarbage) {
        let result = buffer.withUnsafeReadableBytes { bytes -> Result<Void, RESPGarbage> in
            Result { () throws(RESPGarbage) in try reader.feed(bytes) }
        }
        try result.get()
        while let reply = try reader.next() {
            if let message = reply.message {
                onMessage?(message)
                continue
            }
            guard let first = waiting.popFirst() else { throw RESPGarbage() }
            first.answer(.success(reply))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        lose(context, .unavailable("the connection was lost"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lose(context, .unavailable("the connection was lost"))
    }

    /// One timer for the oldest command; younger ones have later deadlines.
    private func watch() {
        guard timer == nil, let context, let first = waiting.first else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: first.deadline) { [weak self] in
            self?.timerFired()
        }
    }

    private func timerFired() {
        timer = nil
        guard let context, let first = waiting.first else { return }
        guard first.deadline <= .now() else { return watch() }
        lose(context, .timedOut)
    }

    private func lose(_ context: ChannelHandlerContext, _ error: StoreError) {
        guard self.context != nil else { return }
        self.context = nil
        timer?.cancel()
        timer = nil
        let lost = waiting
        waiting = []
        context.close(promise: nil)
        onClose?()
        onClose = nil
        for command in lost {
            command.answer(.failure(error))
        }
    }
}
