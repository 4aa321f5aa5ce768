import Basics
import Foundation
import TLS
import Testing

@Suite("Certificates and keys from files")
struct ServerIdentityTests {
    private func failure(certificate: String, key: String) -> TLSError? {
        do throws(TLSError) {
            _ = try TLSContext.server(
                certificateChainPath: certificate, privateKeyPath: key, applicationProtocols: [])
            return nil
        } catch {
            return error
        }
    }

    @Test("a missing file is named, with the reason")
    func missing() throws {
        let files = try Fixtures.localhost.get()
        let error = failure(certificate: "/nowhere/tls.crt", key: files.key)
        #expect(error == .unreadable(path: "/nowhere/tls.crt", reason: "No such file or directory"))
        #expect(error?.description.contains("/nowhere/tls.crt") == true)
        #expect(
            failure(certificate: files.certificate, key: "/nowhere/tls.key")
                == .unreadable(path: "/nowhere/tls.key", reason: "No such file or directory"))
    }

    @Test("a file of another kind is named")
    func notPEM() throws {
        let authority = try Fixtures.authority.get()
        let files = try Fixtures.localhost.get()
        let text = try authority.file("text.crt", "not a certificate\n")
        let broken = try authority.file(
            "broken.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        #expect(failure(certificate: text, key: files.key) == .noCertificate(path: text))
        #expect(failure(certificate: broken, key: files.key) == .noCertificate(path: broken))
        #expect(failure(certificate: files.key, key: files.key) == .noCertificate(path: files.key))
        #expect(
            failure(certificate: files.certificate, key: files.certificate) == .noPrivateKey(path: files.certificate))
        #expect(throws: TLSError.noCertificate(path: text)) {
            _ = try TLSContext.client(caPath: text, applicationProtocols: [])
        }
    }

    @Test("a key of another certificate is refused")
    func mismatch() throws {
        let files = try Fixtures.localhost.get()
        let other = try Fixtures.authority.get().issue("DNS:other")
        #expect(
            failure(certificate: files.certificate, key: other.key)
                == .keyMismatch(certificatePath: files.certificate, privateKeyPath: other.key))
    }

    @Test("certificates outside their dates are refused")
    func dates() throws {
        let authority = try Fixtures.authority.get()
        let past = try authority.issue("DNS:localhost", validity: .past)
        let future = try authority.issue("DNS:localhost", validity: .future)
        guard case .expired(past.certificate, let date) = failure(certificate: past.certificate, key: past.key) else {
            Issue.record("not refused as expired")
            return
        }
        #expect(date.hasPrefix("2") && date.contains("-"))
        guard case .notYetValid(future.certificate, _) = failure(certificate: future.certificate, key: future.key)
        else {
            Issue.record("not refused as not yet valid")
            return
        }
    }

    @Test("an encrypted key is named, and nobody is asked for a passphrase")
    func encrypted() async throws {
        let files = try Fixtures.localhost.get()
        let path = files.key + ".encrypted"
        let command = try Command(
            "openssl", "pkey", "-in", files.key, "-aes128", "-passout", "pass:secret", "-out", path)
        try await command.waitForExit()
        #expect(failure(certificate: files.certificate, key: path) == .privateKeyEncrypted(path: path))
    }

    @Test("a weak key is refused with OpenSSL's reason")
    func weak() async throws {
        let folder = try Fixtures.authority.get().folder
        let (key, certificate) = (folder.appending(path: "weak.key").path, folder.appending(path: "weak.crt").path)
        let command = try Command(
            "openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-subj", "/CN=weak", "-keyout", key, "-out",
            certificate)
        try await command.waitForExit()
        #expect(failure(certificate: certificate, key: key) == .refused(path: certificate, reason: "ee key too small"))
    }

    @Test("the summary says for whom and until when")
    func summary() throws {
        let summary = try #require(try Fixtures.server().certificateSummary)
        #expect(summary.names == ["localhost", "*.example.com", "127.0.0.1"])
        #expect(summary.issuer == "Test Root")
        #expect(summary.notAfter.since(summary.notBefore) == .seconds(31 * 86400))
    }
}
