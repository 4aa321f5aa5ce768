import NIOCore
import NIOEmbedded
import TLS

/// A client and a server in one thread, whose ciphertext a test carries by hand.
final class EmbeddedPair {
    let clientPeer: Peer
    let serverPeer: Peer
    let clientChannel = EmbeddedChannel()
    let serverChannel = EmbeddedChannel()

    init(client: Peer, server: Peer, clientContext: TLSContext, serverContext: TLSContext) throws {
        clientPeer = client
        serverPeer = server
        let clientSide = TLSConnection.client(
            context: clientContext, serverName: "localhost", port: 443,
            loop: TLSLoop(eventLoop: clientChannel.embeddedEventLoop), application: client)
        let serverSide = TLSConnection.server(
            context: serverContext, loop: TLSLoop(eventLoop: serverChannel.embeddedEventLoop), application: server)
        client.connection = clientSide
        server.connection = serverSide
        try clientChannel.pipeline.syncOperations.addHandler(clientSide)
        try serverChannel.pipeline.syncOperations.addHandler(serverSide)
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 443)
        serverChannel.connect(to: address, promise: nil)
        clientChannel.connect(to: address, promise: nil)
    }

    static func make(client: Peer = Peer(), server: Peer = Peer()) throws -> EmbeddedPair {
        try EmbeddedPair(
            client: client, server: server, clientContext: try Fixtures.client(), serverContext: try Fixtures.server())
    }

    deinit {
        _ = try? clientChannel.finish()
        _ = try? serverChannel.finish()
    }

    /// Carries everything over, both ways, until nobody says more.
    func settle() throws {
        while try carry(from: clientChannel, to: serverChannel) + carry(from: serverChannel, to: clientChannel) > 0 {}
    }

    /// Carries what one side has said; returns how many socket writes that were.
    @discardableResult
    func carry(from source: EmbeddedChannel, to target: EmbeddedChannel) throws -> Int {
        var writes = 0
        while let buffer = try source.readOutbound(as: ByteBuffer.self) {
            writes += 1
            guard buffer.readableBytes > 0, target.isActive else { continue }
            try target.writeInbound(buffer)
        }
        source.embeddedEventLoop.run()
        target.embeddedEventLoop.run()
        return writes
    }
}
