import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import TLS

/// A workspace by script: it accepts TLS, and the test says byte by byte what each connection answers.
final class ScriptedWorkspace: Sendable {
    private let channel: any Channel
    private let lines: NIOLockedValueBox<[Line]>
    private let next = NIOLockedValueBox(0)

    var port: Int { channel.localAddress?.port ?? 0 }
    var connectionCount: Int { lines.withLockedValue { $0.count } }

    init(_ context: TLSContext, port: Int = 0) async throws {
        let lines = NIOLockedValueBox<[Line]>([])
        self.lines = lines
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let line = Line()
                    let connection = TLSConnection.server(
                        context: context, loop: TLSLoop(eventLoop: channel.eventLoop), application: line)
                    line.connection = connection
                    lines.withLockedValue { $0.append(line) }
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
    }

    /// The next connection that Lakegate makes.
    func accept() async throws -> Line {
        let index = next.withLockedValue { next in
            next += 1
            return next - 1
        }
        try await eventually("a connection to the workspace") { lines.withLockedValue { $0.count > index } }
        return lines.withLockedValue { $0[index] }
    }

    /// Nobody can connect any more; what is connected stays.
    func stop() async throws {
        try await channel.close().get()
    }
}
