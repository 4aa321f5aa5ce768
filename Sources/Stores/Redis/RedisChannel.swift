import Basics
import NIOCore
import Sessions

/// One connection: writes commands in the order given and matches replies to them first in, first out.
///
/// A command that waits too long ends the connection: a server that has stalled owes us nothing that can be trusted
/// to be in order, and a new connection is cheap. Lives on one event loop.
final class RedisChannel {
    typealias Answer = (Result<RESPValue, StoreError>) -> Void

    private struct Waiting {
        let deadline: NIODeadline
        let answer: Answer
    }

    private let reader: RESPReader
    private var waiting: CircularBuffer<Waiting> = []
    private let loop: any EventLoop
    /// Until the connection is lost.
    private var transport: (any RedisTransport)?
    private var timer: Scheduled<Void>?
    /// Called once, when the connection is lost.
    var onClose: (() -> Void)?
    /// Called with what comes in on a channel that was subscribed to.
    var onMessage: (([UInt8]) -> Void)?

    var waitingCount: Int { waiting.count }

    init(loop: any EventLoop, mostElements: Int = RESPReader.mostElements) {
        self.loop = loop
        reader = RESPReader(mostElements: mostElements)
    }

    func attach(_ transport: any RedisTransport) {
        self.transport = transport
    }

    func send(_ command: RedisCommand, deadline: NIODeadline, answer: @escaping Answer) {
        guard let transport else { return answer(.failure(.unavailable("the connection was lost"))) }
        waiting.append(Waiting(deadline: deadline, answer: answer))
        var buffer = ByteBufferAllocator().buffer(capacity: 256)
        command.append(to: &buffer)
        transport.write(buffer)
        watch()
    }

    func close() {
        transport?.close()
    }

    func received(_ bytes: UnsafeRawBufferPointer) {
        do throws(RESPGarbage) {
            try read(bytes)
        } catch {
            lose(.refused("the answer is not RESP"))
        }
    }

    private func read(_ bytes: UnsafeRawBufferPointer) throws(RESPGarbage) {
        try reader.feed(bytes)
        while let reply = try reader.next() {
            if let message = reply.message {
                onMessage?(message)
                continue
            }
            guard let first = waiting.popFirst() else { throw RESPGarbage() }
            first.answer(.success(reply))
        }
    }

    /// One timer for the oldest command; younger ones have later deadlines.
    private func watch() {
        guard timer == nil, transport != nil, let first = waiting.first else { return }
        timer = loop.assumeIsolated().scheduleTask(deadline: first.deadline) { [weak self] in
            self?.timerFired()
        }
    }

    private func timerFired() {
        timer = nil
        guard transport != nil, let first = waiting.first else { return }
        guard first.deadline <= .now() else { return watch() }
        lose(.timedOut)
    }

    /// The connection is gone, or of no more use.
    func lose(_ error: StoreError = .unavailable("the connection was lost")) {
        guard let transport else { return }
        self.transport = nil
        timer?.cancel()
        timer = nil
        let lost = waiting
        waiting = []
        transport.close()
        onClose?()
        onClose = nil
        for command in lost {
            command.answer(.failure(error))
        }
    }
}
