import NIOCore
import TLS
import Testing

@Suite("Handing a connection to another application")
struct HandOverTests {
    /// Everything the server says from its last word of the handshake on reaches the client in one read.
    private func settleInOneRead(_ pair: EmbeddedPair) throws {
        try pair.carry(from: pair.clientChannel, to: pair.serverChannel)
        try pair.carry(from: pair.serverChannel, to: pair.clientChannel)
        try pair.carry(from: pair.clientChannel, to: pair.serverChannel)
        var all = ByteBuffer()
        while var part = try pair.serverChannel.readOutbound(as: ByteBuffer.self) { all.writeBuffer(&part) }
        try pair.clientChannel.writeInbound(all)
        pair.clientChannel.embeddedEventLoop.run()
    }

    private func pair(client: Peer) throws -> EmbeddedPair {
        // In TLS 1.2 the server has the last word of the handshake, and may go on at once.
        try EmbeddedPair(
            client: client, server: .saying("hello"), clientContext: try Fixtures.client(version: 0x0303),
            serverContext: try Fixtures.server())
    }

    @Test("at once: what the server says right with the end of the handshake goes to the new one")
    func atOnce() throws {
        let (first, second) = (Peer(), Peer())
        first.onReady = { $0.connection?.handOver(to: second) }
        try settleInOneRead(try pair(client: first))
        #expect(second.text == "hello" && second.notes.readsCompleted == 1)
        #expect(first.notes.byteCount == 0 && first.notes.readsCompleted == 0)
    }

    @Test("later: what the server says in a pause waits for the new one")
    func later() throws {
        let (first, second) = (Peer(), Peer())
        first.onReady = { $0.connection?.pauseReading() }
        let pair = try pair(client: first)
        try settleInOneRead(pair)
        pair.serverPeer.write(", world")
        pair.serverPeer.connection?.flush()
        try pair.settle()
        first.connection?.handOver(to: second)
        #expect(second.text == "", "not inside the call")
        try pair.settle()
        #expect(second.text == "hello, world")
        #expect(first.notes.byteCount == 0)
        pair.serverPeer.connection?.abort()
        pair.clientChannel.close(promise: nil)
        pair.clientChannel.embeddedEventLoop.run()
        #expect(second.notes.closings.count == 1 && first.notes.closings.isEmpty)
    }

    @Test("a closed connection calls nobody")
    func closed() throws {
        let (first, second) = (Peer(), Peer())
        let pair = try pair(client: first)
        try pair.settle()
        let connection = first.connection
        connection?.abort()
        pair.clientChannel.embeddedEventLoop.run()
        connection?.handOver(to: second)
        #expect(first.notes.closings.count == 1 && second.notes.closings.isEmpty)
    }
}
