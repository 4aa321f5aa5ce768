import NIOCore
import NIOEmbedded
import TLS
import Testing

@Suite("Gathered writes and paused reads")
struct FlowTests {
    @Test("many writes before one flush are one socket write")
    func gathers() throws {
        let pair = try EmbeddedPair.make()
        try pair.settle()
        #expect(pair.serverPeer.notes.ready == 1)
        for round in 0..<50 { pair.serverPeer.write("part \(round) ") }
        #expect(try pair.serverChannel.readOutbound(as: ByteBuffer.self) == nil)
        pair.serverPeer.connection?.flush()
        #expect(try pair.carry(from: pair.serverChannel, to: pair.clientChannel) == 1)
        #expect(pair.clientPeer.text == (0..<50).map { "part \($0) " }.joined())
        #expect(pair.clientPeer.notes.readsCompleted == 1)
    }

    @Test("a write larger than every buffer arrives whole")
    func largeWrite() throws {
        let pair = try EmbeddedPair.make()
        try pair.settle()
        var generator = SeededGenerator(seed: 1)
        let bytes = generator.bytes(1_000_000)
        pair.serverPeer.connection?.write(bytes.span.bytes)
        pair.serverPeer.connection?.flush()
        try pair.settle()
        #expect(pair.clientPeer.notes.bytes == bytes)
        #expect(pair.clientPeer.notes.deliveries == 62, "one record a call")
    }

    @Test("the ticket leaves with the end of the handshake, before the application says anything")
    func ticketGoesFirst() throws {
        let pair = try EmbeddedPair.make()
        try pair.carry(from: pair.clientChannel, to: pair.serverChannel)
        try pair.carry(from: pair.serverChannel, to: pair.clientChannel)
        try pair.carry(from: pair.clientChannel, to: pair.serverChannel)
        #expect(pair.serverPeer.notes.ready == 1)
        #expect(try pair.carry(from: pair.serverChannel, to: pair.clientChannel) == 1)
    }

    @Test("a pause takes effect after the record in hand, and nothing is lost")
    func pauses() throws {
        let pair = try EmbeddedPair.make()
        try pair.settle()
        pair.clientPeer.onBytes = { peer, _ in peer.connection?.pauseReading() }
        for round in 0..<5 { pair.serverPeer.write("\(round)") }
        pair.serverPeer.connection?.flush()
        try pair.settle()
        for round in 0..<5 {
            #expect(pair.clientPeer.text == "01234".prefix(round + 1))
            pair.clientPeer.connection?.resumeReading()
            #expect(pair.clientPeer.text == "01234".prefix(round + 1), "not inside the call")
            pair.clientChannel.embeddedEventLoop.run()
        }
        #expect(pair.clientPeer.notes.readsCompleted == 5)
    }

    @Test("records cut anywhere are put together")
    func cutRecords() throws {
        let pair = try EmbeddedPair.make()
        try pair.settle()
        for round in 0..<200 { pair.serverPeer.write("\(round) ") }
        pair.serverPeer.connection?.flush()
        let sent = try #require(try pair.serverChannel.readOutbound(as: ByteBuffer.self))
        var generator = SeededGenerator(seed: 2)
        var rest = sent
        while rest.readableBytes > 0 {
            let count = Int.random(in: 1...min(40, rest.readableBytes), using: &generator)
            try pair.clientChannel.writeInbound(rest.readSlice(length: count))
        }
        #expect(pair.clientPeer.text == (0..<200).map { "\($0) " }.joined())
    }

    @Test("the peer's end waits for what a pause holds back")
    func endAfterPause() throws {
        let pair = try EmbeddedPair.make()
        try pair.settle()
        pair.clientPeer.onBytes = { peer, _ in peer.connection?.pauseReading() }
        pair.serverPeer.write("one")
        pair.serverPeer.write("two")
        pair.serverPeer.connection?.flush()
        try pair.carry(from: pair.serverChannel, to: pair.clientChannel)
        pair.clientChannel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(pair.clientPeer.notes.endings.isEmpty)
        for _ in 0..<3 {
            pair.clientPeer.connection?.resumeReading()
            pair.clientChannel.embeddedEventLoop.run()
        }
        #expect(pair.clientPeer.text == "onetwo")
        #expect(pair.clientPeer.notes.endings == [.truncated])
    }

    @Test("small writes that pile up in the channel hold little more than their bytes")
    func pilesUpSparingly() throws {
        let pair = try EmbeddedPair.make()
        try pair.settle()
        for _ in 0..<100 {
            pair.serverPeer.write("event")
            pair.serverPeer.connection?.flush()
        }
        var capacity = 0
        while let held = try pair.serverChannel.readOutbound(as: ByteBuffer.self) { capacity += held.capacity }
        #expect(capacity < 64 * 1024)
    }

    @Test("two connections of one loop may write in turns before either flushes")
    func interleaves() throws {
        let pairs = try (0..<8).map { _ in try EmbeddedPair.make() }
        for pair in pairs { try pair.settle() }
        for round in 0..<20 {
            for (index, pair) in pairs.enumerated() { pair.serverPeer.write("\(index)-\(round) ") }
        }
        for (index, pair) in pairs.enumerated() {
            pair.serverPeer.connection?.flush()
            try pair.settle()
            #expect(pair.clientPeer.text == (0..<20).map { "\(index)-\($0) " }.joined())
        }
    }
}
