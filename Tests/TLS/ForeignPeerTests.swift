import TLS
import Testing

@Suite("OpenSSL's programs and curl as peers")
struct ForeignPeerTests {
    @Test("s_client is served, and takes its session up", arguments: ["-tls1_2", "-tls1_3"])
    func sClient(version: String) async throws {
        let authority = try Fixtures.authority.get()
        let server = try await LoopbackServer(try Fixtures.server(["http/1.1"])) { .echo() }
        let session = authority.folder.appending(path: "session\(version)").path
        for (round, option) in ["-sess_out", "-sess_in"].enumerated() {
            let client = try Command(
                "openssl", "s_client", "-connect", "127.0.0.1:\(server.port)", "-servername", "localhost", "-CAfile",
                authority.caPath, "-verify_return_error", "-alpn", "http/1.1", version, option, session)
            client.type("ping\n")
            #expect(try await eventually { client.output.contains("\nping") }, "\(client.output)")
            client.type("Q\n")
            try await client.waitForExit()
            #expect(client.output.contains("Verify return code: 0 (ok)"))
            #expect(client.output.contains("ALPN protocol: http/1.1"))
            #expect(client.output.contains(round == 0 ? "New, TLSv1" : "Reused, TLSv1"))
            let peer = try await server.peer(round)
            try await peer.wait("the end") { $0.closings.count == 1 }
            #expect(peer.notes.endings == [.cleanly])
            #expect(peer.notes.isResumed == (round == 1))
        }
    }

    @Test("an s_server serves our client, and takes its session up", arguments: ["-tls1_2", "-tls1_3"])
    func sServer(version: String) async throws {
        let (server, port) = try await Command.opensslServer(try Fixtures.localhost.get(), "-www", version)
        defer { server.stop() }
        let context = try Fixtures.client()
        for round in 0..<3 {
            let client = Peer.saying("GET / HTTP/1.0\r\n\r\n")
            client.onEnded = { $0.connection?.close() }
            try await connect(client, to: port, context)
            try await client.wait("the end") { $0.closings.count == 1 }
            #expect(client.notes.isResumed == (round > 0))
            #expect(client.text.contains(round > 0 ? "Reused, TLSv1" : "New, TLSv1"))
            #expect(client.notes.endings == [.cleanly])
        }
    }

    @Test("curl gets an answer", arguments: ["--tlsv1.3", "--tls-max 1.2"])
    func curl(version: String) async throws {
        let server = try await LoopbackServer(try Fixtures.server(["http/1.1"])) {
            let peer = Peer()
            peer.onReadCompleted = {
                $0.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nanswer")
                $0.connection?.flush()
            }
            return peer
        }
        let curl = try Command(
            arguments: ["curl", "-sS", "--noproxy", "*", "--cacert", try Fixtures.authority.get().caPath]
                + version.split(separator: " ").map(String.init) + ["https://localhost:\(server.port)/"])
        try await curl.waitForExit()
        #expect(curl.output == "answer")
    }

    @Test(
        "protocols and suites without forward secrecy are refused",
        arguments: [
            ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], ["-tls1_2", "-cipher", "AES128-GCM-SHA256"],
            ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"],
        ])
    func refusesWeak(options: [String]) async throws {
        let server = try await LoopbackServer(try Fixtures.server()) { .echo() }
        let client = try Command(
            arguments: ["openssl", "s_client", "-connect", "127.0.0.1:\(server.port)"] + options)
        client.endInput()
        try await client.waitForExit()
        let peer = try await server.peer()
        try await peer.wait("the end") { $0.closings.count == 1 }
        #expect(peer.notes.ready == 0)
    }
}
