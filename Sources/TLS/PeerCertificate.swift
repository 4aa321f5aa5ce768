import COpenSSL

/// Whom a client wants to talk to, and what is wrong when the certificate says otherwise.
enum PeerCertificate {
    /// Demands a certificate for the host, which is a name or an IP address. `false` for what is neither.
    static func demand(host: String, of ssl: OpaquePointer) -> Bool {
        let host = host.hasSuffix(".") ? String(host.dropLast()) : host
        guard !host.isEmpty, !host.utf8.contains(0) else { return false }
        let rules = SSL_get0_param(ssl)
        if X509_VERIFY_PARAM_set1_ip_asc(rules, host) == 1 { return true }
        ERR_clear_error()
        // An address is not sent as a server name (RFC 6066, section 3).
        return X509_VERIFY_PARAM_set1_host(rules, host, host.utf8.count) == 1 && lakegate_set_host_name(ssl, host) == 1
    }

    /// Keeps OpenSSL's verdict, and puts it into words while the certificate is still at hand.
    static let verified: SSL_verify_cb = { verdict, store in
        guard verdict != 1 else { return 1 }
        let ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx())
        guard let ssl, let engine = TLSEngine.of(OpaquePointer(ssl)) else { return 0 }
        engine.certificateFault = fault(
            X509_STORE_CTX_get_error(store), at: X509_STORE_CTX_get_current_cert(store), engine)
        return 0
    }

    private static func fault(_ code: Int32, at certificate: OpaquePointer?, _ engine: TLSEngine) -> String {
        let facts = certificate.map(CertificateFacts.summary)
        let names = facts?.names.prefix(4).joined(separator: ", ") ?? ""
        let asked = engine.sessionKey?.host ?? "this host"
        switch code {
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            return "the server's certificate is for \(names.isEmpty ? "no host at all" : names), not for \(asked)"
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "the certificate of \(names) expired on \(date(X509_get0_notAfter, certificate))"
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "the certificate of \(names) is not valid before \(date(X509_get0_notBefore, certificate))"
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            return "the certificate of \(names) is self-signed and not among the trusted ones"
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return "the certificate of \(names) was issued by an unknown authority: \(facts?.issuer ?? "")"
        default:
            return "the server's certificate: " + String(cString: X509_verify_cert_error_string(Int(code)))
        }
    }

    private static func date(
        _ field: (OpaquePointer?) -> UnsafePointer<ASN1_TIME>?, _ certificate: OpaquePointer?
    ) -> String {
        guard let certificate else { return "an unknown date" }
        return CertificateFacts.text(field(certificate))
    }
}
