import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import TLS

/// A workspace that speaks HTTP/2 by script: it accepts TLS, and the test answers stream by stream.
final class HTTP2Workspace: Sendable {
    private let channel: any Channel
    private let peers: NIOLockedValueBox<[HTTP2Peer]>

    var port: Int { channel.localAddress?.port ?? 0 }
    var connectionCount: Int { peers.withLockedValue { $0.count } }

    /// `context` must offer h2 by ALPN.
    init(_ context: TLSContext) async throws {
        let peers = NIOLockedValueBox<[HTTP2Peer]>([])
        self.peers = peers
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let peer = HTTP2Peer(.server)
                    let connection = TLSConnection.server(
                        context: context, loop: TLSLoop(eventLoop: channel.eventLoop), application: peer)
                    peer.attach(connection)
                    peers.withLockedValue { $0.append(peer) }
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// A connection that Lakegate has made.
    func accept(_ index: Int = 0) async throws -> HTTP2Peer {
        try await eventually("a connection to the workspace") { peers.withLockedValue { $0.count > index } }
        return peers.withLockedValue { $0[index] }
    }

    func stop() async throws {
        peers.withLockedValue { $0 }.forEach { $0.cut() }
        try await channel.close().get()
    }
}
