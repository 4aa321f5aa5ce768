import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import TLS

/// A listening server on loopback, one peer a connection.
final class LoopbackServer: Sendable {
    private let channel: any Channel
    private let accepted: NIOLockedValueBox<[Peer]>
    var port: Int { channel.localAddress?.port ?? 0 }
    var peers: [Peer] { accepted.withLockedValue { $0 } }

    init(
        _ context: TLSContext, handshakeTimeout: TimeAmount = .seconds(15), halfClosure: Bool = true,
        peer makePeer: @escaping @Sendable () -> Peer
    ) async throws {
        let accepted = NIOLockedValueBox<[Peer]>([])
        self.accepted = accepted
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: halfClosure)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let peer = makePeer()
                    let connection = TLSConnection.server(
                        context: context, loop: TLSLoop(eventLoop: channel.eventLoop), application: peer,
                        handshakeTimeout: handshakeTimeout)
                    peer.connection = connection
                    accepted.withLockedValue { $0.append(peer) }
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    deinit {
        channel.close(promise: nil)
    }

    /// The peer of the connection that was accepted as the given one, 0 for the first.
    func peer(_ index: Int = 0) async throws -> Peer {
        let end = ContinuousClock.now + .seconds(10)
        while peers.count <= index {
            guard ContinuousClock.now < end else { throw Overdue() }
            try await Task.sleep(for: .milliseconds(3))
        }
        return peers[index]
    }
}

/// Connects a peer over TLS.
@discardableResult
func connect(
    _ peer: Peer, to port: Int, as name: String = "localhost", _ context: TLSContext,
    handshakeTimeout: TimeAmount = .seconds(15)
) async throws -> any Channel {
    try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let connection = TLSConnection.client(
                    context: context, serverName: name, port: port, loop: TLSLoop(eventLoop: channel.eventLoop),
                    application: peer, handshakeTimeout: handshakeTimeout)
                peer.connection = connection
                try channel.pipeline.syncOperations.addHandler(connection)
            }
        }
        .connect(host: "127.0.0.1", port: port).get()
}

/// Speaks plain TCP, for tests that send what no TLS library would.
final class RawPeer: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    let bytes = NIOLockedValueBox<[UInt8]>([])
    let isClosed = NIOLockedValueBox(false)

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        bytes.withLockedValue { $0 += Array(buffer.readableBytesView) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosed.withLockedValue { $0 = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func connect(to port: Int) async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in channel.pipeline.addHandler(self) }
            .connect(host: "127.0.0.1", port: port).get()
    }
}

func eventually(seconds: Int = 10, _ holds: () -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while !holds() {
        guard ContinuousClock.now < end else { return false }
        try await Task.sleep(for: .milliseconds(3))
    }
    return true
}
