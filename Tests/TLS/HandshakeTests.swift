import COpenSSL
import NIOCore
import TLS
import Testing

@Suite("Handshakes between our two sides")
struct HandshakeTests {
    @Test("client and server talk over either version", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func talks(version: Int32) async throws {
        let server = try await LoopbackServer(try Fixtures.server(["h2", "http/1.1"])) { .echo() }
        let client = Peer.saying("hello")
        try await connect(client, to: server.port, try Fixtures.client(["http/1.1", "h2"], version: version))
        try await client.wait("the echo") { $0.bytes.count == 5 }
        let accepted = try await server.peer()
        for notes in [client.notes, accepted.notes] {
            #expect(notes.version == (version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3"))
            #expect(notes.cipher.contains("AES128") || notes.cipher.contains("AES_128"))
            #expect(notes.negotiatedProtocol == "h2", "the server's preference decides")
            #expect(notes.serverName == "localhost")
        }
        client.connection?.eventLoop.execute { client.connection?.close() }
        try await client.wait("its end") { $0.closings == [.closed] }
        try await accepted.wait("the server's end") { $0.closings == [.closed] }
        #expect(accepted.notes.endings == [.cleanly])
    }

    @Test("without a common application protocol the server refuses")
    func refusesForeignProtocol() async throws {
        let server = try await LoopbackServer(try Fixtures.server(["h2"])) { .echo() }
        let client = Peer.saying("hello")
        try await connect(client, to: server.port, try Fixtures.client(["http/1.1"]))
        try await client.wait("the refusal") { !$0.closings.isEmpty }
        #expect(client.notes.ready == 0)
        #expect("\(client.notes.closings)".contains("no application protocol"))
    }

    @Test("a client without ALPN is served")
    func servesWithoutALPN() async throws {
        let server = try await LoopbackServer(try Fixtures.server(["h2"])) { .echo() }
        let client = Peer.saying("hello")
        try await connect(client, to: server.port, try Fixtures.client())
        try await client.wait("the echo") { $0.bytes.count == 5 }
        #expect(client.notes.negotiatedProtocol == nil)
    }

    @Test("a second connection takes the session up", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func resumes(version: Int32) async throws {
        let server = try await LoopbackServer(try Fixtures.server()) { .echo() }
        let context = try Fixtures.client(version: version)
        for round in 0..<4 {
            let client = Peer.saying("hello")
            try await connect(client, to: server.port, context)
            try await client.wait("the echo") { $0.bytes.count == 5 }
            #expect(client.notes.isResumed == (round > 0))
            #expect(try await server.peer(round).notes.serverName == "localhost")
            client.connection?.eventLoop.execute { client.connection?.close() }
            try await client.wait("its end") { !$0.closings.isEmpty }
        }
    }

    @Test("addresses are verified too, and not sent as a name")
    func addresses() async throws {
        let server = try await LoopbackServer(try Fixtures.server()) { .echo() }
        let client = Peer.saying("hello")
        try await connect(client, to: server.port, as: "127.0.0.1", try Fixtures.client())
        try await client.wait("the echo") { $0.bytes.count == 5 }
        #expect(try await server.peer().notes.serverName == nil)
    }

    @Test("a peer that says nothing is dropped in time")
    func timesOut() async throws {
        let server = try await LoopbackServer(try Fixtures.server(), handshakeTimeout: .milliseconds(200)) { .echo() }
        let raw = RawPeer()
        let channel = try await raw.connect(to: server.port)
        #expect(try await eventually { raw.isClosed.withLockedValue { $0 } })
        #expect(try await server.peer().notes.closings == [.tlsFailure("no TLS handshake within 0 s")])
        try? await channel.close().get()
    }

    @Test("a client that ends at any point of the handshake leaves a closed connection")
    func endsEarly() async throws {
        let server = try await LoopbackServer(try Fixtures.server()) { .echo() }
        let client = Peer()
        client.onReady = { $0.connection?.abort() }
        try await connect(client, to: server.port, try Fixtures.client())
        try await client.wait("its end") { $0.closings == [.closed] }
        let accepted = try await server.peer()
        try await accepted.wait("the server's end") { $0.closings.count == 1 }

        let raw = RawPeer()
        let channel = try await raw.connect(to: server.port)
        try await channel.writeAndFlush(ByteBuffer(bytes: [22, 3, 1, 0, 200, 1, 0])).get()
        try await channel.close().get()
        let other = try await server.peer(1)
        try await other.wait("the failure") { $0.closings.count == 1 }
        #expect(other.notes.ready == 0)
    }
}
