import NIOCore
import NIOPosix
import Sessions
import TLS

/// All event loops of the data path, reached from anywhere by hopping onto each.
final class EdgeLoops: SessionObserver, Sendable {
    private let loops: [NIOLoopBound<EdgeLoop>]
    private let eventLoops: [any EventLoop]

    init(shared: EdgeShared, group: MultiThreadedEventLoopGroup) async throws {
        eventLoops = Array(group.makeIterator())
        var loops: [NIOLoopBound<EdgeLoop>] = []
        for eventLoop in eventLoops {
            loops.append(
                try await eventLoop.submit {
                    let loop = EdgeLoop(eventLoop: eventLoop, shared: shared)
                    loop.startSweeping()
                    return NIOLoopBound(loop, eventLoop: eventLoop)
                }.get())
        }
        self.loops = loops
    }

    /// Puts a new client connection on the loop that its channel lives on.
    func adopt(_ channel: any Channel) throws {
        for (index, eventLoop) in eventLoops.enumerated() where eventLoop === channel.eventLoop {
            return try loops[index].value.adopt(channel)
        }
    }

    // MARK: SessionObserver

    func sessionChanged(_ session: Session) {
        onEach { $0.sessions.update(session) }
    }

    func sessionEnded(_ id: SessionID) {
        onEach { $0.sessionEnded(id) }
    }

    // MARK: Ending

    func drain() {
        onEach { $0.drain() }
    }

    func dismiss() {
        onEach { $0.dismiss() }
    }

    func abort() async {
        for (index, eventLoop) in eventLoops.enumerated() {
            let loop = loops[index]
            try? await eventLoop.submit { loop.value.abort() }.get()
        }
    }

    func connectionCount() async -> Int {
        var total = 0
        for (index, eventLoop) in eventLoops.enumerated() {
            let loop = loops[index]
            total += (try? await eventLoop.submit { loop.value.connections.count }.get()) ?? 0
        }
        return total
    }

    private func onEach(_ action: @escaping @Sendable (EdgeLoop) -> Void) {
        for (index, eventLoop) in eventLoops.enumerated() {
            let loop = loops[index]
            eventLoop.execute { action(loop.value) }
        }
    }
}
