import COpenSSL

extension TLSContext {
    /// A client that accepts only servers whose chain ends at a known authority and that are certified for the host.
    ///
    /// The system's authorities are known, and those of the PEM file at `caPath` besides. `certificate` is shown to a server
    /// that asks for one. Reading the files blocks.
    public static func client(
        caPath: String?, applicationProtocols: [String], certificate: CertificateFiles? = nil
    ) throws(TLSError) -> TLSContext {
        let own = try certificate.map { files throws(TLSError) in (files, try files.read()) }
        let context = try TLSContext(
            method: TLS_client_method(), applicationProtocols: applicationProtocols,
            identity: own.map { CertificateFacts.summary(of: $0.1.own.raw) })
        // A system without authorities is no mistake if the file names the ones to trust.
        SSL_CTX_set_default_verify_paths(context.raw)
        ERR_clear_error()
        if let caPath { try context.trust(path: caPath) }
        try context.applyClientRules()
        if let (files, content) = own { try context.use(content, of: files) }
        return context
    }

    func trust(path: String) throws(TLSError) {
        for authority in try PEMFile(path: path).certificates() {
            guard X509_STORE_add_cert(SSL_CTX_get_cert_store(raw), authority.raw) == 1 else {
                throw .refused(path: path, reason: OpenSSLErrors.takeReason())
            }
        }
    }

    private func applyClientRules() throws(TLSError) {
        SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, PeerCertificate.verified)
        let rules = SSL_CTX_get0_param(raw)
        X509_VERIFY_PARAM_set_hostflags(
            rules, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
        // An operator may trust an intermediate authority without its root.
        X509_VERIFY_PARAM_set_flags(rules, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        lakegate_ctx_set_session_cache_mode(raw, Int(SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL))
        SSL_CTX_sess_set_new_cb(raw, keepSession)
        guard !applicationProtocols.isEmpty else { return }
        // Unlike its neighbours this one returns 0 for success.
        let outcome = SSL_CTX_set_alpn_protos(raw, applicationProtocols.baseAddress, UInt32(applicationProtocols.count))
        guard outcome == 0 else { throw .library(reason: OpenSSLErrors.takeReason()) }
    }
}

/// Called for every ticket. Returning 1 takes the reference over.
private let keepSession: @convention(c) (OpaquePointer?, OpaquePointer?) -> Int32 = { ssl, session in
    guard let session, let engine = TLSEngine.of(ssl), let key = engine.sessionKey else { return 0 }
    engine.context.resumption.keep(ResumptionCache.Session(owning: session), for: key)
    return 1
}
