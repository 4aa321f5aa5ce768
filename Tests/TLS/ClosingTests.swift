import COpenSSL
import NIOCore
import TLS
import Testing

// Where a socket is aborted: TLS 1.2, whose ticket comes early; with one unread the socket would be reset.
@Suite("How connections end")
struct ClosingTests {
    @Test("close_notify is a clean end, an aborted socket a truncated one", arguments: [true, false])
    func endings(isClean: Bool) async throws {
        let server = try await LoopbackServer(try Fixtures.server()) { Peer() }
        let client = Peer()
        client.onReady = {
            $0.write("last words")
            $0.connection?.flush()
            if isClean { $0.connection?.close() } else { $0.connection?.abort() }
        }
        try await connect(client, to: server.port, try Fixtures.client(version: TLS1_2_VERSION))
        let peer = try await server.peer()
        try await peer.wait("the end") { !$0.endings.isEmpty }
        #expect(peer.text == "last words")
        #expect(peer.notes.endings == [isClean ? .cleanly : .truncated])
    }

    @Test("without half-closure a lost socket still ends the input first")
    func lostSocket() async throws {
        let server = try await LoopbackServer(try Fixtures.server(), halfClosure: false) { Peer() }
        let client = Peer()
        client.onReady = {
            $0.write("last words")
            $0.connection?.flush()
            $0.connection?.abort()
        }
        try await connect(client, to: server.port, try Fixtures.client(version: TLS1_2_VERSION))
        let peer = try await server.peer()
        try await peer.wait("the end") { !$0.closings.isEmpty }
        #expect(peer.notes.endings == [.truncated])
        #expect(peer.notes.closings == [.closed])
    }

    @Test("after the client's end the server can still answer")
    func answersAfterEnd() async throws {
        let server = try await LoopbackServer(try Fixtures.server()) {
            let peer = Peer()
            peer.onEnded = {
                $0.write("answer")
                $0.connection?.close()
            }
            return peer
        }
        let client = try Command(
            "openssl", "s_client", "-quiet", "-no_ign_eof", "-connect", "127.0.0.1:\(server.port)")
        client.type("question\n")
        let peer = try await server.peer()
        try await peer.wait("the question") { $0.bytes.count == 9 }
        client.endInput()
        try await peer.wait("the end") { $0.closings == [.closed] }
        #expect(peer.notes.endings == [.cleanly])
    }

    @Test("close sends everything that was written first")
    func closesAfterWriting() async throws {
        let server = try await LoopbackServer(try Fixtures.server()) {
            let peer = Peer()
            peer.onReady = {
                $0.connection?.write([UInt8](repeating: 7, count: 3_000_000).span.bytes)
                $0.connection?.close()
            }
            return peer
        }
        let client = Peer()
        try await connect(client, to: server.port, try Fixtures.client())
        try await client.wait("the end") { !$0.endings.isEmpty }
        #expect(client.notes.byteCount == 3_000_000)
        #expect(client.notes.endings == [.cleanly])
    }

    @Test("an answer before the end of a large upload arrives, although the upload goes on")
    func earlyAnswer() async throws {
        let server = try await LoopbackServer(try Fixtures.server()) {
            let peer = Peer()
            peer.onBytes = { peer, _ in
                peer.connection?.pauseReading()
                peer.write("too much")
                peer.connection?.close()
            }
            return peer
        }
        let client = Peer.saying(String(repeating: "x", count: 5_000_000))
        client.onEnded = { $0.connection?.close() }
        try await connect(client, to: server.port, try Fixtures.client())
        try await client.wait("the end") { !$0.closings.isEmpty }
        #expect(client.text == "too much")
        #expect(client.notes.endings == [.cleanly])
        let peer = try await server.peer()
        try await peer.wait("the server's end") { $0.closings == [.closed] }
    }

    @Test("a close inside any call is the last thing the application hears")
    func closesInside() async throws {
        for place in 0..<3 {
            let server = try await LoopbackServer(try Fixtures.server()) {
                let peer = Peer()
                if place == 0 { peer.onReady = { $0.connection?.abort() } }
                if place == 1 { peer.onBytes = { peer, _ in peer.connection?.abort() } }
                if place == 2 { peer.onReadCompleted = { $0.connection?.abort() } }
                return peer
            }
            let client = Peer.saying(String(repeating: "x", count: 100_000))
            try await connect(client, to: server.port, try Fixtures.client())
            let peer = try await server.peer()
            try await peer.wait("the end") { $0.closings == [.closed] }
            #expect(peer.notes.deliveries <= (place == 2 ? 8 : place))
            #expect(peer.notes.endings.isEmpty)
            #expect(peer.connection == nil)
        }
    }

    @Test("the application and the connection are freed after the end")
    func freesBoth() async throws {
        let server = try await LoopbackServer(try Fixtures.server()) { .echo() }
        weak var gone: TLSConnection?
        weak var goneApplication: Peer?
        do {
            let client = Peer.saying("hello")
            let channel = try await connect(client, to: server.port, try Fixtures.client())
            try await client.wait("the echo") { $0.bytes.count == 5 }
            gone = client.connection
            goneApplication = client
            client.connection?.eventLoop.execute { client.connection?.close() }
            try await channel.closeFuture.get()
            try await client.wait("the end") { !$0.closings.isEmpty }
        }
        #expect(try await eventually(seconds: 3) { gone == nil && goneApplication == nil })
    }
}
