import TLS
import Testing

@Suite("Whom a client refuses")
struct VerificationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var names = "DNS:localhost"
        var validity = TestAuthority.Validity.current
        var host = "localhost"
        var isTrusted = true
        var reason: String
    }

    static let cases = [
        Case(
            testDescription: "another host", names: "DNS:a.example.com,DNS:b.example.com",
            reason: "the server's certificate is for a.example.com, b.example.com, not for localhost"),
        Case(
            testDescription: "a partial wildcard", names: "DNS:b*.example.com", host: "ba.example.com",
            reason: "the server's certificate is for b*.example.com, not for ba.example.com"),
        Case(
            testDescription: "another address", names: "IP:127.0.0.2", host: "127.0.0.1",
            reason: "the server's certificate is for 127.0.0.2, not for 127.0.0.1"),
        Case(
            testDescription: "a name where an address is asked for", names: "DNS:127.0.0.1", host: "127.0.0.1",
            reason: "the server's certificate is for 127.0.0.1, not for 127.0.0.1"),
        Case(testDescription: "expired", validity: .past, reason: "the certificate of localhost expired on 2"),
        Case(
            testDescription: "not yet valid", validity: .future,
            reason: "the certificate of localhost is not valid before 2"),
        Case(
            testDescription: "an unknown authority", isTrusted: false,
            reason: "the certificate of localhost was issued by an unknown authority: Test Root"),
    ]

    @Test("refused in words, and nothing is sent", arguments: cases)
    func refuses(_ example: Case) async throws {
        let authority = try Fixtures.authority.get()
        let files = try authority.issue(example.names, validity: example.validity)
        let (server, port) = try await Command.opensslServer(files)
        defer { server.stop() }
        let context = try TLSContext.client(
            caPath: example.isTrusted ? authority.caPath : nil, applicationProtocols: [])
        let client = Peer.saying("secret")
        try await connect(client, to: port, as: example.host, context)
        try await client.wait("the refusal") { !$0.closings.isEmpty }
        guard case .tlsFailure(let reason)? = client.notes.closings.first else {
            Issue.record("\(client.notes.closings)")
            return
        }
        #expect(reason.hasPrefix(example.reason))
        #expect(client.notes.ready == 0)
        #expect(try await eventually { server.output.contains("ERROR") })
        #expect(!server.output.contains("secret"))
    }

    @Test("a wildcard covers one label", arguments: [("a.example.com", true), ("a.b.example.com", false)])
    func wildcard(host: String, isAccepted: Bool) async throws {
        let server = try await LoopbackServer(try Fixtures.server()) { .echo() }
        let client = Peer()
        try await connect(client, to: server.port, as: host, try Fixtures.client())
        try await client.wait("an outcome") { $0.ready == 1 || !$0.closings.isEmpty }
        #expect((client.notes.ready == 1) == isAccepted)
    }

    @Test("what is no host name is refused before a byte is sent", arguments: ["", ".", "a\0b"])
    func badName(host: String) async throws {
        let server = try await LoopbackServer(try Fixtures.server()) { .echo() }
        let client = Peer()
        _ = try? await connect(client, to: server.port, as: host, try Fixtures.client())
        try await client.wait("the refusal") { !$0.closings.isEmpty }
        #expect(client.notes.closings == [.tlsFailure("the server's name is neither a host name nor an address")])
    }
}
