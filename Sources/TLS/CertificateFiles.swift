import COpenSSL

/// Where a certificate chain and its private key are: PEM, leaf first, no passphrase.
public struct CertificateFiles: Sendable {
    public var chainPath: String
    public var privateKeyPath: String

    public init(chainPath: String, privateKeyPath: String) {
        self.chainPath = chainPath
        self.privateKeyPath = privateKeyPath
    }

    struct Content {
        var own: Certificate
        var intermediates: ArraySlice<Certificate>
        var key: PrivateKey
    }

    /// Refuses what no peer would accept. Blocks.
    func read() throws(TLSError) -> Content {
        let chain = try PEMFile(path: chainPath).certificates()
        guard let own = chain.first else { throw .noCertificate(path: chainPath) }
        let key = try PEMFile(path: privateKeyPath).privateKey()
        try own.checkDates(path: chainPath)
        guard X509_check_private_key(own.raw, key.raw) == 1 else {
            ERR_clear_error()
            throw .keyMismatch(certificatePath: chainPath, privateKeyPath: privateKeyPath)
        }
        return Content(own: own, intermediates: chain.dropFirst(), key: key)
    }
}

extension TLSContext {
    func use(_ content: CertificateFiles.Content, of files: CertificateFiles) throws(TLSError) {
        guard SSL_CTX_use_certificate(raw, content.own.raw) == 1 else {
            throw .refused(path: files.chainPath, reason: OpenSSLErrors.takeReason())
        }
        guard SSL_CTX_use_PrivateKey(raw, content.key.raw) == 1 else {
            throw .refused(path: files.privateKeyPath, reason: OpenSSLErrors.takeReason())
        }
        for certificate in content.intermediates where lakegate_ctx_add_chain_certificate(raw, certificate.raw) != 1 {
            throw .refused(path: files.chainPath, reason: OpenSSLErrors.takeReason())
        }
    }
}
