import COpenSSL
import NIOCore

/// Who signs a certificate.
struct Signer {
    var certificate: Certificate
    var key: KeyPair
}

/// An X.509 certificate of the demo's.
///
/// `@unchecked Sendable`: the handle is set once, and after `init` it is only read.
final class Certificate: @unchecked Sendable {
    let handle: OpaquePointer

    /// Signs itself, as an authority, when there is no signer.
    init(commonName: String, key: KeyPair, names: [String], signer: Signer?) throws(CertificateFailure) {
        guard let made = X509_new() else { throw CertificateFailure(step: "certificate") }
        handle = made
        try describe(commonName: commonName, key: key, signer: signer)
        let issuer = signer?.certificate.handle ?? handle
        for (extensionID, value) in Certificate.extensions(names: names, isAuthority: signer == nil) {
            try add(extensionID, value, issuer: issuer)
        }
        guard X509_sign(handle, (signer?.key ?? key).handle, EVP_sha256()) > 0 else {
            throw CertificateFailure(step: "signature")
        }
    }

    deinit {
        X509_free(handle)
    }

    func pem() throws(CertificateFailure) -> String {
        try written { PEM_write_bio_X509($0, handle) }
    }

    private func describe(commonName: String, key: KeyPair, signer: Signer?) throws(CertificateFailure) {
        let subject = X509_get_subject_name(handle)
        let serial = Int.random(in: 1 ... .max)
        guard X509_set_version(handle, 2) == 1, ASN1_INTEGER_set(X509_get_serialNumber(handle), serial) == 1,
            // An hour back: the peer's clock may be slow.
            X509_gmtime_adj(X509_getm_notBefore(handle), -3600) != nil,
            X509_gmtime_adj(X509_getm_notAfter(handle), 30 * 86400) != nil,
            X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, commonName, -1, -1, 0) == 1,
            X509_set_issuer_name(handle, X509_get_subject_name(signer?.certificate.handle ?? handle)) == 1,
            X509_set_pubkey(handle, key.handle) == 1
        else { throw CertificateFailure(step: "description") }
    }

    private static func extensions(names: [String], isAuthority: Bool) -> [(Int32, String)] {
        if isAuthority {
            return [
                (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"), (NID_key_usage, "critical,keyCertSign,cRLSign"),
                (NID_subject_key_identifier, "hash"),
            ]
        }
        return [
            (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
            (NID_ext_key_usage, "serverAuth,clientAuth"), (NID_subject_key_identifier, "hash"),
            (NID_authority_key_identifier, "keyid"),
            (NID_subject_alt_name, names.map(alternative).joined(separator: ",")),
        ]
    }

    private static func alternative(_ name: String) -> String {
        let isAddress = (try? SocketAddress(ipAddress: name, port: 0)) != nil
        return (isAddress ? "IP:" : "DNS:") + name
    }

    private func add(_ extensionID: Int32, _ value: String, issuer: OpaquePointer) throws(CertificateFailure) {
        var scene = X509V3_CTX()
        X509V3_set_ctx(&scene, issuer, handle, nil, nil, 0)
        guard let made = X509V3_EXT_conf_nid(nil, &scene, extensionID, value) else {
            throw CertificateFailure(step: "extension \(extensionID)")
        }
        defer { X509_EXTENSION_free(made) }
        guard X509_add_ext(handle, made, -1) == 1 else { throw CertificateFailure(step: "extension \(extensionID)") }
    }
}
