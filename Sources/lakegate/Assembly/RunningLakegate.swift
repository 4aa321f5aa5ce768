import Admin
import Edge
import Logging
import NIOPosix
import ServiceLifecycle
import Sessions

/// A Lakegate that listens. Runs until it is told to stop, then ends in order: listeners first, the store last.
struct RunningLakegate: Service {
    let edge: EdgeServer
    let admin: AdminServer
    let keeper: SessionKeeper
    let store: StoreChoice
    let accessLog: AccessLogSink?
    let group: MultiThreadedEventLoopGroup
    let logger: Logger

    /// How long running requests have to end after SIGTERM.
    static let patience = Duration.seconds(25)

    func run() async throws {
        let refreshing = Task { await keeper.run() }
        try? await gracefulShutdown()
        refreshing.cancel()
        try await stop()
    }

    func stop() async throws {
        logger.info("stopping: no new connections, running requests may end")
        await edge.stop(within: RunningLakegate.patience)
        await finishRefreshes()
        await admin.stop()
        await store.close()
        accessLog?.close()
        try await group.shutdownGracefully()
        logger.info("stopped")
    }

    /// A refresh under way holds the only copy of a token that was paid for with the old one: it may end.
    private func finishRefreshes() async {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await keeper.drain() }
            tasks.addTask { try? await Task.sleep(for: .seconds(10)) }
            await tasks.next()
            tasks.cancelAll()
        }
    }
}
