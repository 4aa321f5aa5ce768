import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The second listener: health and metrics over plain HTTP, for this machine or a closed network.
public final class AdminServer: Sendable {
    private let channel: any Channel

    private init(channel: any Channel) {
        self.channel = channel
    }

    /// Binds and starts to answer.
    ///
    /// - Parameters:
    ///   - port: 0 takes a free one; see ``port``.
    ///   - sharesPort: Lets another process of the same user listen on the same port.
    ///   - connectionLimit: A connection beyond it is closed at once.
    ///   - idleLimit: A connection that sends nothing for so long is closed.
    public static func start(
        host: String, port: Int, site: AdminSite, on group: any EventLoopGroup, sharesPort: Bool = false,
        connectionLimit: Int = 64, idleLimit: TimeAmount = .seconds(60)
    ) async throws -> AdminServer {
        let open = OpenConnections(limit: connectionLimit)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.socketOption(NIOBSDSocket.Option(rawValue: SO_REUSEPORT)), value: sharesPort ? 1 : 0)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try open.admit(channel)
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(IdleStateHandler(readTimeout: idleLimit))
                    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: true)
                    try pipeline.addHandler(AdminHandler(site: site))
                }
            }
            .bind(host: host, port: port).get()
        return AdminServer(channel: channel)
    }

    /// The port it listens on.
    public var port: Int {
        channel.localAddress?.port ?? 0
    }

    /// Stops listening. Answers under way are completed.
    public func stop() async {
        try? await channel.close()
    }
}

/// How many connections there are, so that a flood on this listener takes no file descriptors from the other.
private final class OpenConnections: Sendable {
    private let limit: Int
    private let count = Atomic<Int>(0)

    private struct Full: Error {}

    init(limit: Int) {
        self.limit = limit
    }

    /// Counts a connection until it is closed. NIO closes a channel whose initializer throws.
    func admit(_ channel: any Channel) throws {
        let before = count.wrappingAdd(1, ordering: .relaxed).oldValue
        channel.closeFuture.whenComplete { _ in self.count.wrappingSubtract(1, ordering: .relaxed) }
        if before >= limit { throw Full() }
    }
}
