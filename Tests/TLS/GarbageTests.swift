import NIOCore
import NIOEmbedded
import TLS
import Testing

@Suite("Bytes that are no TLS")
struct GarbageTests {
    private static let seed = UInt64.random(in: 0...UInt64(UInt32.max))

    @Test("random bytes close the connection and nothing worse")
    func randomBytes() throws {
        print("garbage seed \(Self.seed)")
        var generator = SeededGenerator(seed: Self.seed)
        for _ in 0..<300 {
            let pair = try EmbeddedPair.make()
            let channel = Bool.random(using: &generator) ? pair.clientChannel : pair.serverChannel
            var bytes = generator.bytes(Int.random(in: 1...600, using: &generator))
            if Bool.random(using: &generator) { bytes = [22, 3, 3, 0, 80] + bytes }
            try channel.writeInbound(ByteBuffer(bytes: bytes))
            try? channel.close().wait()
            channel.embeddedEventLoop.run()
            let peer = channel === pair.clientChannel ? pair.clientPeer : pair.serverPeer
            #expect(peer.notes.closings.count == 1)
            #expect(peer.notes.ready == 0 && peer.notes.deliveries == 0)
        }
    }

    @Test("a handshake with bytes flipped, cut or doubled never delivers a changed byte")
    func mutatedHandshakes() throws {
        print("mutation seed \(Self.seed)")
        var generator = SeededGenerator(seed: Self.seed &+ 1)
        let clientContext = try Fixtures.client()
        let serverContext = try Fixtures.server()
        for round in 0..<600 {
            let pair = try EmbeddedPair(
                client: .saying("hello"), server: .echo(), clientContext: clientContext, serverContext: serverContext)
            let victim = Int.random(in: 0..<6, using: &generator)
            try converse(pair, mutating: victim, with: &generator)
            for peer in [pair.clientPeer, pair.serverPeer] {
                #expect("hello".hasPrefix(peer.text), "seed \(Self.seed), round \(round)")
                #expect(peer.notes.closings.count <= 1)
            }
            try? pair.clientChannel.close().wait()
            try? pair.serverChannel.close().wait()
            #expect(pair.clientPeer.notes.closings.count == 1)
            #expect(pair.serverPeer.notes.closings.count == 1)
        }
    }

    /// Carries ciphertext both ways and spoils the flight with the given number.
    private func converse(_ pair: EmbeddedPair, mutating victim: Int, with generator: inout SeededGenerator) throws {
        var flight = 0
        for _ in 0..<8 {
            for (source, target) in [
                (pair.clientChannel, pair.serverChannel), (pair.serverChannel, pair.clientChannel),
            ] {
                while let buffer = try source.readOutbound(as: ByteBuffer.self) {
                    guard buffer.readableBytes > 0 else { continue }
                    let bytes = Array(buffer.readableBytesView)
                    let carried = flight == victim ? mutate(bytes, &generator) : bytes
                    flight += 1
                    guard target.isActive else { continue }
                    try target.writeInbound(ByteBuffer(bytes: carried))
                }
                source.embeddedEventLoop.run()
            }
        }
    }

    private func mutate(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            bytes[Int.random(in: bytes.indices, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
        case 1: bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
        case 2: bytes += bytes
        default: bytes.insert(contentsOf: generator.bytes(7), at: Int.random(in: bytes.indices, using: &generator))
        }
        return bytes
    }
}
