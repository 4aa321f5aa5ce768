import Basics
import Gate
import Logging
import NIOCore
import NIOPosix
import Sessions
import TLS

#if canImport(Glibc)
    import Glibc
#endif

/// What it takes to open the public listener.
public struct EdgeOptions: Sendable {
    public var host: String
    /// 0 picks a free port.
    public var port: Int
    public var workspaces: [EdgeWorkspace]
    public var identity: ServerIdentity
    /// Lets another process of the same user listen on the same port, so that one takes over from the other.
    public var sharesPort = false
    public var times = EdgeTimes()
    public var limits = EdgeLimits()
    /// Sessions held per event loop.
    public var hotSessions = 100_000
    /// How long a session in use goes on before it is compared with the store.
    public var staleness: Duration = .seconds(5)
    /// How long ahead answers tell the end of their session; zero for never.
    public var endNotice: Duration = .zero
    /// Bytes of memory that the process has taken.
    public var residentMemory: @Sendable () -> Int = { ProcessMemory.resident() }

    public init(host: String, port: Int, workspaces: [EdgeWorkspace], identity: ServerIdentity) {
        self.host = host
        self.port = port
        self.workspaces = workspaces
        self.identity = identity
    }
}

/// What the data path calls upon and does not own.
public struct EdgeServices: Sendable {
    public var keeper: any SessionKeeping
    public var localSite: any LocalSite
    public var metrics: EdgeMetrics
    /// Nowhere when absent.
    public var accessLog: AccessLogSink?
    public var clock: WallClock
    public var random: RandomSource
    public var logger: Logger
    /// Tells what bearers mean that are no session tokens; all are foreign when absent.
    public var bearers: (any BearerResolving)?
    public var principals: any PrincipalKeeping = NoPrincipals()

    public init(
        keeper: any SessionKeeping, localSite: any LocalSite, metrics: EdgeMetrics, accessLog: AccessLogSink?,
        clock: WallClock, random: RandomSource, logger: Logger
    ) {
        self.keeper = keeper
        self.localSite = localSite
        self.metrics = metrics
        self.accessLog = accessLog
        self.clock = clock
        self.random = random
        self.logger = logger
    }
}

/// The public listener and the event loops behind it.
public final class EdgeServer: Sendable {
    private let loops: EdgeLoops
    private let channel: any Channel
    private let watching: Task<Void, Never>

    public var port: Int { channel.localAddress?.port ?? 0 }

    private init(loops: EdgeLoops, channel: any Channel, watching: Task<Void, Never>) {
        self.loops = loops
        self.channel = channel
        self.watching = watching
    }

    /// Opens the listener and serves until ``stop(within:)``.
    ///
    /// - Throws: What the system says when the address can't be bound.
    public static func start(
        _ options: EdgeOptions, _ services: EdgeServices, on group: MultiThreadedEventLoopGroup
    ) async throws -> EdgeServer {
        let shared = EdgeShared(options, services, loops: Array(group.makeIterator()).count)
        let loops = try await EdgeLoops(shared: shared, group: group)
        services.keeper.observe(loops)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.socketOption(.init(rawValue: SO_REUSEPORT)), value: options.sharesPort ? 1 : 0)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ListenerGate(shared: shared))
                }
            }
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try loops.adopt(channel) }
            }
            .bind(host: options.host, port: options.port).get()
        return EdgeServer(loops: loops, channel: channel, watching: Task { await shared.memory.run() })
    }

    /// Stops accepting, and waits until the clients have left: each is told by its next answer that it is the last
    /// there, or by GOAWAY. Who stays idle is dismissed after ``EdgeTimes/leavingIdle``; when `patience` is over, what
    /// runs on is cut off.
    ///
    /// Cancellation ends the patience.
    public func stop(within patience: Duration) async {
        await ListenerEnd.close(channel)
        watching.cancel()
        loops.drain()
        await waitForClients(atMost: patience)
        loops.dismiss()
        await waitForClients(atMost: .milliseconds(500))
        await loops.abort()
    }

    private func waitForClients(atMost limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        while await loops.connectionCount() > 0, ContinuousClock.now < deadline, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(50))
        }
    }
}
