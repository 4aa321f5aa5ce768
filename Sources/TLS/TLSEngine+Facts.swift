import COpenSSL

// What was agreed with the peer.
extension TLSEngine {
    /// What ALPN chose.
    var negotiatedProtocol: String? {
        guard let ssl else { return nil }
        var start: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &start, &count)
        guard let start, count > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: start, count: Int(count)), as: UTF8.self)
    }

    /// The same as comparing ``negotiatedProtocol``, without making a String for each connection.
    var negotiatesHTTP2: Bool {
        guard let ssl else { return false }
        var start: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &start, &count)
        guard let start, count == 2 else { return false }
        return start[0] == UInt8(ascii: "h") && start[1] == UInt8(ascii: "2")
    }

    /// The name the client asked for (SNI).
    var serverName: String? {
        guard let ssl, let name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) else { return nil }
        return String(cString: name)
    }

    /// Names in the certificate that a client has shown, if it was verified.
    var clientNames: [String] {
        guard let ssl, SSL_get_verify_result(ssl) == Int(X509_V_OK), let certificate = SSL_get1_peer_certificate(ssl)
        else { return [] }
        defer { X509_free(certificate) }
        return CertificateFacts.clientNames(of: certificate)
    }

    var isResumed: Bool {
        SSL_session_reused(ssl) == 1
    }

    var version: String {
        guard let ssl, let text = SSL_get_version(ssl) else { return "none" }
        return String(cString: text)
    }

    var cipher: String {
        guard let ssl, let text = SSL_CIPHER_get_name(SSL_get_current_cipher(ssl)) else { return "none" }
        return String(cString: text)
    }

    /// Why the last step failed, for a log: what was wrong with the peer's certificate, else OpenSSL's reason.
    func takeFault() -> String {
        let reason = OpenSSLErrors.takeReason()
        return certificateFault ?? reason
    }
}
