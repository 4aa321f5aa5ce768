import COpenSSL
import Foundation
import Testing

@testable import TLS

@Suite("Certificates that clients show")
struct ClientCertificateTests {
    private static let names = "DNS:job.example.com,URI:spiffe://example.com/job,email:job@example.com,IP:10.0.0.1"
    private static let known = ["job.example.com", "spiffe://example.com/job", "job@example.com"]
    private let server: TestAuthority.Files
    private let authority: TestAuthority

    init() throws {
        server = try Fixtures.localhost.get()
        authority = try Fixtures.authority.get()
    }

    private func context(asking path: String?, keys: TicketKeys = TicketKeys()) throws -> TLSContext {
        try TLSContext.server(
            certificateChainPath: server.certificate, privateKeyPath: server.key, applicationProtocols: [],
            clientAuthorityPath: path, ticketKeys: keys)
    }

    private func client(_ files: TestAuthority.Files?, _ version: Int32) throws -> TLSContext {
        let context = try TLSContext.client(
            caPath: authority.caPath, applicationProtocols: [],
            certificate: files.map { CertificateFiles(chainPath: $0.certificate, privateKeyPath: $0.key) })
        SSL_CTX_ctrl(context.raw, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil)
        return context
    }

    /// What the server learns; `nil` if the handshake fails there.
    private func meet(_ server: TLSContext, _ client: TLSContext) throws -> (names: [String], isResumed: Bool)? {
        let accepted = Peer()
        var names: [String]?
        accepted.onReady = { names = $0.connection?.clientNames }
        let pair = try EmbeddedPair(client: Peer(), server: accepted, clientContext: client, serverContext: server)
        try pair.settle()
        return names.map { ($0, accepted.notes.isResumed) }
    }

    @Test(
        "their names are known where they are asked for, and only there", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func asked(version: Int32) throws {
        let files = try authority.issue(Self.names)
        #expect(try meet(try context(asking: authority.caPath), try client(files, version))?.names == Self.known)
        #expect(try meet(try context(asking: nil), try client(files, version))?.names == [])
        #expect(try meet(try context(asking: authority.caPath), try client(nil, version))?.names == [])
    }

    @Test("a certificate that is not good ends the handshake", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func refused(version: Int32) throws {
        let asking = try context(asking: authority.caPath)
        let stranger = try TestAuthority()
        for files in [
            try stranger.issue(Self.names), try authority.issue(Self.names, validity: .past),
            try authority.issue(Self.names, validity: .future),
        ] {
            let context = try TLSContext.client(caPath: authority.caPath, applicationProtocols: [])
            SSL_CTX_ctrl(context.raw, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil)
            // Past our own check of its dates: another client may not look.
            SSL_CTX_use_certificate_chain_file(context.raw, files.certificate)
            SSL_CTX_use_PrivateKey_file(context.raw, files.key, SSL_FILETYPE_PEM)
            #expect(try meet(asking, context) == nil)
        }
    }

    @Test("one of another authority of the machine is not good", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func otherAuthority(version: Int32) throws {
        let other = try TestAuthority()
        let files = try authority.issue(Self.names)
        #expect(try meet(try context(asking: other.caPath), try client(files, version)) == nil)
    }

    @Test("names that could be taken for others are left out")
    func odd() throws {
        let files = try authority.issue("DNS:job.example.com,otherName:1.2.3.4;UTF8:x.example.com,email:a@b")
        #expect(
            try meet(try context(asking: authority.caPath), try client(files, TLS1_3_VERSION))?.names == [
                "job.example.com", "a@b",
            ])
    }

    @Test("a session that is taken up keeps the names", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func resumed(version: Int32) throws {
        let server = try context(asking: authority.caPath)
        let client = try client(try authority.issue(Self.names), version)
        for round in 0..<3 {
            let met = try #require(try meet(server, client))
            #expect(met.names == Self.known && met.isResumed == (round > 0))
        }
    }

    @Test("a ticket is of no use behind other authorities, or none", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func trustReplaced(version: Int32) throws {
        let keys = TicketKeys()
        let other = try TestAuthority()
        let client = try client(try authority.issue(Self.names), version)
        #expect(try meet(try context(asking: authority.caPath, keys: keys), client)?.names == Self.known)
        let plain = try #require(try meet(try context(asking: nil, keys: keys), client))
        #expect(plain.names == [] && !plain.isResumed)
        let again = try self.client(try authority.issue(Self.names), version)
        #expect(try meet(try context(asking: authority.caPath, keys: keys), again)?.names == Self.known)
        #expect(try meet(try context(asking: other.caPath, keys: keys), again) == nil)
    }

    @Test("a ticket from before clients were asked brings no names", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func askedLater(version: Int32) throws {
        let keys = TicketKeys()
        let client = try client(try authority.issue(Self.names), version)
        #expect(try meet(try context(asking: nil, keys: keys), client)?.names == [])
        let asked = try #require(try meet(try context(asking: authority.caPath, keys: keys), client))
        #expect(asked.names == Self.known && !asked.isResumed)
    }

    @Test("the authorities' file is read again when it changes")
    func authorityFile() throws {
        let other = try TestAuthority()
        let path = try authority.file(UUID().uuidString, try String(contentsOfFile: authority.caPath, encoding: .utf8))
        let identity = try ServerIdentity(
            certificateChainPath: server.certificate, privateKeyPath: server.key, applicationProtocols: [],
            clientAuthorityPath: path)
        let (own, theirs) = (
            try client(try authority.issue(Self.names), TLS1_3_VERSION),
            try TLSContext.client(caPath: authority.caPath, applicationProtocols: [])
        )
        let files = try other.issue(Self.names)
        SSL_CTX_use_certificate_chain_file(theirs.raw, files.certificate)
        SSL_CTX_use_PrivateKey_file(theirs.raw, files.key, SSL_FILETYPE_PEM)
        #expect(try meet(identity.current, own)?.names == Self.known && meet(identity.current, theirs) == nil)
        try String(contentsOfFile: other.caPath, encoding: .utf8).write(toFile: path, atomically: true, encoding: .utf8)
        while identity.look() == .unchanged {}
        #expect(try meet(identity.current, own) == nil)
        #expect(try meet(identity.current, theirs)?.names == Self.known)
    }
}
