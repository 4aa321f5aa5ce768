import NIOCore
import NIOHTTP1
import NIOPosix

/// Accepts connections and hands each request to a handler, one at a time per connection.
struct HTTPListener: Sendable {
    private let server: NIOAsyncChannel<HTTPServerChannel, Never>

    /// The port the system gave, when 0 was asked for.
    var port: Int { server.channel.localAddress?.port ?? 0 }

    init(host: String, port: Int, transport: Transport, group: any EventLoopGroup) async throws {
        server = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try HTTPListener.open(channel, transport: transport) }
            }
    }

    private static func open(_ channel: any Channel, transport: Transport) throws -> HTTPServerChannel {
        let pipeline = channel.pipeline.syncOperations
        try transport.install(on: pipeline, eventLoop: channel.eventLoop)
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
        try pipeline.addHandler(HTTPServerProtocolErrorHandler())
        return try HTTPServerChannel(wrappingChannelSynchronously: channel)
    }

    /// Serves until the task is cancelled.
    func run(_ serve: @escaping @Sendable (Exchange) async throws -> Void) async {
        try? await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    group.addTask { await HTTPListener.converse(connection, serve) }
                }
            }
        }
    }

    private static func converse(
        _ channel: HTTPServerChannel, _ serve: @Sendable (Exchange) async throws -> Void
    ) async {
        try? await channel.executeThenClose { inbound, outbound in
            let connection = HTTPConnection(channel: channel.channel, inbound: inbound, outbound: outbound)
            while case .head(let head) = try await connection.nextPart() {
                let exchange = Exchange(head: head, connection: connection)
                try await serve(exchange)
                try await exchange.drain()
                guard exchange.allowsNext else { return }
            }
        }
    }
}
