import COpenSSL
import Foundation
import Testing

/// A certificate authority in a temporary folder, and certificates of every quality from it.
final class TestAuthority: Sendable {
    let folder: URL
    let caPath: String

    struct Files: Sendable {
        var certificate: String
        var key: String
    }

    /// Days from now.
    struct Validity: Sendable {
        var from = -1
        var to = 30
        static let current = Validity()
        static let past = Validity(from: -10, to: -1)
        static let future = Validity(from: 1, to: 10)
    }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "lakegate-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        caPath = folder.appending(path: "ca.crt").path
        let key = try Self.makeKey()
        let ca = try Self.makeCertificate(
            subject: "Test Root", names: nil, validity: .current, key: key, issuer: nil, issuerKey: key)
        try Self.write(folder.appending(path: "ca.key").path) {
            PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil)
        }
        try Self.write(caPath) { PEM_write_bio_X509($0, ca) }
        X509_free(ca)
        EVP_PKEY_free(key)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// `names` as in "DNS:localhost,IP:127.0.0.1".
    func issue(_ names: String, validity: Validity = .current) throws -> Files {
        let caKey = try read(folder.appending(path: "ca.key").path) { PEM_read_bio_PrivateKey($0, nil, nil, nil) }
        let ca = try read(caPath) { PEM_read_bio_X509($0, nil, nil, nil) }
        let key = try Self.makeKey()
        let leaf = try Self.makeCertificate(
            subject: "Test Leaf", names: names, validity: validity, key: key, issuer: ca, issuerKey: caKey)
        defer {
            X509_free(leaf)
            X509_free(ca)
            EVP_PKEY_free(key)
            EVP_PKEY_free(caKey)
        }
        let name = folder.appending(path: UUID().uuidString).path
        try Self.write(name + ".crt") { PEM_write_bio_X509($0, leaf) }
        try Self.write(name + ".key") { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
        return Files(certificate: name + ".crt", key: name + ".key")
    }

    func file(_ name: String, _ text: String) throws -> String {
        let path = folder.appending(path: name)
        try Data(text.utf8).write(to: path)
        return path.path
    }

    private static func makeKey() throws -> OpaquePointer {
        let context = try #require(EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil))
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        EVP_PKEY_keygen_init(context)
        EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1)
        EVP_PKEY_keygen(context, &key)
        return try #require(key)
    }

    private static func makeCertificate(
        subject: String, names: String?, validity: Validity, key: OpaquePointer, issuer: OpaquePointer?,
        issuerKey: OpaquePointer
    ) throws -> OpaquePointer {
        let certificate = try #require(X509_new())
        X509_set_version(certificate, 2)
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), .random(in: 1...Int(Int32.max)))
        X509_gmtime_adj(X509_getm_notBefore(certificate), validity.from * 86400)
        X509_gmtime_adj(X509_getm_notAfter(certificate), validity.to * 86400)
        let name = X509_get_subject_name(certificate)
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_FLAG | 1, subject, -1, -1, 0)
        X509_set_issuer_name(certificate, X509_get_subject_name(issuer ?? certificate))
        X509_set_pubkey(certificate, key)
        if let names {
            add(NID_subject_alt_name, names, to: certificate)
        } else {
            add(NID_basic_constraints, "critical,CA:TRUE", to: certificate)
        }
        try #require(X509_sign(certificate, issuerKey, EVP_sha256()) > 0)
        return certificate
    }

    private static func add(_ kind: Int32, _ value: String, to certificate: OpaquePointer) {
        let part = X509V3_EXT_conf_nid(nil, nil, kind, value)
        X509_add_ext(certificate, part, -1)
        X509_EXTENSION_free(part)
    }

    private static func write(_ path: String, _ body: (OpaquePointer) -> Int32) throws {
        let bio = try #require(BIO_new_file(path, "w"))
        defer { BIO_free(bio) }
        try #require(body(bio) == 1)
    }

    private func read(_ path: String, _ body: (OpaquePointer) -> OpaquePointer?) throws -> OpaquePointer {
        let bio = try #require(BIO_new_file(path, "r"))
        defer { BIO_free(bio) }
        return try #require(body(bio))
    }
}
