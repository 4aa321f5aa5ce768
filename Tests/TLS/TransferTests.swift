import Foundation
import NIOConcurrencyHelpers
import NIOCore
import TLS
import Testing

@Suite("Large transfers")
struct TransferTests {
    private static let total = 50 * 1024 * 1024

    @Test("50 MB each way at once, with pauses, arrive as sent; nobody buffers much")
    func bothWays() async throws {
        let server = try await LoopbackServer(try Fixtures.server()) {
            SeededStream.peer(seed: 11, expecting: 12, total: Self.total)
        }
        let client = SeededStream.peer(seed: 12, expecting: 11, total: Self.total)
        try await connect(client, to: server.port, try Fixtures.client())
        let accepted = try await server.peer()
        try await client.wait("all bytes", seconds: 120) { $0.byteCount == Self.total }
        try await accepted.wait("all bytes", seconds: 120) { $0.byteCount == Self.total }
        #expect(client.notes.bytes == SeededStream.intact)
        #expect(accepted.notes.bytes == SeededStream.intact)
    }

    @Test("a peer that does not read stops the sender")
    func stopsSender() async throws {
        let server = try await LoopbackServer(try Fixtures.server()) {
            SeededStream.peer(seed: 13, expecting: 0, total: Self.total)
        }
        let client = Peer()
        client.keepsBytes = false
        client.onReady = { $0.connection?.pauseReading() }
        try await connect(client, to: server.port, try Fixtures.client())
        let accepted = try await server.peer()
        try await accepted.wait("the handshake") { $0.ready == 1 }
        try await Task.sleep(for: .milliseconds(300))
        let loop = try #require(accepted.connection).eventLoop
        let isWritable = try await loop.submit { accepted.connection?.isWritable }.get()
        #expect(isWritable == false)
        #expect(client.notes.byteCount == 0)
        let other = try #require(client.connection).eventLoop
        try await other.submit { client.connection?.resumeReading() }.get()
        try await client.wait("all bytes", seconds: 60) { $0.byteCount == Self.total }
    }
}

/// A peer that sends a seeded stream while the socket takes it, pausing its own reading now and then.
private enum SeededStream {
    static func peer(seed: UInt64, expecting other: UInt64, total: Int) -> Peer {
        print("stream seed \(seed)")
        let peer = Peer()
        peer.keepsBytes = false
        let sender = Sender(seed: seed, total: total)
        let receiver = Receiver(seed: other)
        peer.onReady = { sender.send(on: $0) }
        peer.onWritable = { sender.send(on: $0) }
        peer.onBytes = { peer, bytes in receiver.take(bytes, on: peer, of: total) }
        return peer
    }

    /// What ``Receiver`` leaves in the notes for an intact stream.
    static let intact: [UInt8] = [1]

    static func block(seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return generator.bytes(60_013)
    }

    final class Sender {
        private let block: [UInt8]
        private var left: Int

        init(seed: UInt64, total: Int) {
            block = SeededStream.block(seed: seed)
            left = total
        }

        func send(on peer: Peer) {
            guard let connection = peer.connection else { return }
            let block = self.block
            while connection.isWritable, left > 0 {
                let count = min(left, block.count)
                connection.write(block.span.bytes.extracting(first: count))
                left -= count
                connection.flush()
            }
        }
    }

    final class Receiver {
        private let block: [UInt8]
        private var isIntact = true
        private var count = 0
        private var pauses = 0

        init(seed: UInt64) {
            block = SeededStream.block(seed: seed)
        }

        func take(_ bytes: RawSpan, on peer: Peer, of total: Int) {
            bytes.withUnsafeBytes { compare($0) }
            if count / 1_500_000 > pauses { pause(peer) }
            guard count == total, isIntact else { return }
            peer.shared.withLockedValue { $0.bytes = SeededStream.intact }
        }

        private func compare(_ bytes: UnsafeRawBufferPointer) {
            var rest = bytes[...]
            while !rest.isEmpty {
                let start = count % block.count
                let part = UnsafeRawBufferPointer(rebasing: rest.prefix(block.count - start))
                block.withUnsafeBytes { expected in
                    guard let left = part.baseAddress, let right = expected.baseAddress else { return }
                    if memcmp(left, right + start, part.count) != 0 { isIntact = false }
                }
                count += part.count
                rest = rest.dropFirst(part.count)
            }
        }

        private func pause(_ peer: Peer) {
            pauses += 1
            guard let connection = peer.connection else { return }
            connection.pauseReading()
            connection.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(5)) { connection.resumeReading() }
        }
    }
}
