import Admin
import Edge
import Logging
import NIOPosix
import ServiceLifecycle
import Sessions
import Settings
import UnixSignals

/// A Lakegate that listens. Runs until it is told to stop, then ends in order: listeners first, the store last.
struct RunningLakegate: Service {
    let edge: EdgeServer
    let admin: AdminServer
    let keeper: SessionKeeper
    let principals: PrincipalKeeper
    let store: StoreChoice
    let accessLog: AccessLogSink?
    let certificates: [CertificateWatch]
    let keyring: KeyringWatch
    let serving: ServingState
    let drain: DrainSettings
    let group: MultiThreadedEventLoopGroup
    let logger: Logger

    func run() async throws {
        let refreshing = Task { await keeper.run() }
        let watching =
            certificates.map { watch in Task { await watch.run() } }
            + [Task { await keyring.run() }, Task { await principals.run() }]
        try? await gracefulShutdown()
        refreshing.cancel()
        try await stopUnlessHurried()
        for task in watching { task.cancel() }
    }

    /// The next SIGTERM or SIGINT ends every wait.
    private func stopUnlessHurried() async throws {
        let ending = Task { try await stop() }
        let hurrying = Task {
            for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
                logger.warning("stopping at once", metadata: ["signal": "\(signal)"])
                return ending.cancel()
            }
        }
        try await ending.value
        hurrying.cancel()
    }

    /// Cancellation leaves nobody any time.
    func stop() async throws {
        serving.beginEnding()
        if drain.announce > .zero {
            logger.info("not ready any more; the listener closes later", metadata: ["after": "\(drain.announce)"])
            try? await Task.sleep(for: drain.announce)
        }
        logger.info("stopping: no new connections, running requests may end")
        await edge.stop(within: drain.patience)
        await finishRefreshes()
        await admin.stop()
        await store.close()
        accessLog?.close()
        try await group.shutdownGracefully()
        logger.info("stopped")
    }

    /// A refresh under way holds the only copy of a token that was paid for with the old one: it may end.
    private func finishRefreshes() async {
        let (waiting, end) = AsyncStream<Void>.makeStream()
        let finishing = Task {
            await keeper.drain()
            end.finish()
        }
        let limit = Task {
            try? await Task.sleep(for: .seconds(10))
            end.finish()
        }
        for await _ in waiting {}
        limit.cancel()
        finishing.cancel()
    }
}
