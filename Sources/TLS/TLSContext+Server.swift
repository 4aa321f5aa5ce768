import COpenSSL

extension TLSContext {
    /// A server with one certificate, its own first in the file and the intermediate ones after it.
    ///
    /// Of the protocols the client offers by ALPN, the first in `applicationProtocols` is chosen; a client that offers
    /// only others is refused with no_application_protocol (RFC 7301, section 3.2). An empty list ignores ALPN.
    /// Reading the files blocks. Tickets are good for every context with the same
    /// keys.
    public static func server(
        certificateChainPath: String, privateKeyPath: String, applicationProtocols: [String],
        isTLS13Only: Bool = false, clientAuthorityPath: String? = nil, ticketKeys: TicketKeys = TicketKeys()
    ) throws(TLSError) -> TLSContext {
        let files = CertificateFiles(chainPath: certificateChainPath, privateKeyPath: privateKeyPath)
        let identity = try files.read()
        let context = try TLSContext(
            method: TLS_server_method(), applicationProtocols: applicationProtocols,
            identity: CertificateFacts.summary(of: identity.own.raw), ticketKeys: ticketKeys,
            asksForCertificates: clientAuthorityPath != nil)
        try context.use(identity, of: files)
        context.applyServerRules()
        if isTLS13Only { try context.refuseTLS12() }
        if let clientAuthorityPath { try context.askForCertificates(of: clientAuthorityPath) }
        return context
    }

    /// A client may show a certificate; one that was not issued by these authorities ends the handshake.
    private func askForCertificates(of path: String) throws(TLSError) {
        let authorities = try PEMFile(path: path).certificates()
        try trust(path: path)
        for authority in authorities where SSL_CTX_add_client_CA(raw, authority.raw) != 1 {
            throw .refused(path: path, reason: OpenSSLErrors.takeReason())
        }
        X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(raw), UInt(X509_V_FLAG_PARTIAL_CHAIN))
        SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, PeerCertificate.verified)
        // A ticket keeps what was verified: it is of no use once other authorities are trusted.
        let names = CertificateFacts.digest(of: authorities)
        SSL_CTX_set_session_id_context(raw, names, UInt32(names.count))
    }

    private func refuseTLS12() throws(TLSError) {
        guard lakegate_ctx_set_min_version(raw, TLS1_3_VERSION) == 1 else {
            throw .library(reason: OpenSSLErrors.takeReason())
        }
    }

    /// Sessions live in tickets only: nothing grows here.
    private func applyServerRules() {
        lakegate_ctx_set_session_cache_mode(raw, Int(SSL_SESS_CACHE_OFF))
        SSL_CTX_set_num_tickets(raw, 1)
        useTicketKeys()
        SSL_CTX_set_session_id_context(raw, "lakegate", 8)
        // Without a callback OpenSSL does not keep the name with a session of TLS 1.2.
        lakegate_ctx_set_name_callback(raw) { _, _, _ in SSL_TLSEXT_ERR_OK }
        guard !applicationProtocols.isEmpty else { return }
        SSL_CTX_set_alpn_select_cb(raw, chooseApplicationProtocol, nil)
    }
}

private let chooseApplicationProtocol: SSL_CTX_alpn_select_cb_func = { ssl, chosen, chosenCount, offer, offerCount, _ in
    guard let chosen, let own = TLSEngine.of(ssl)?.context.applicationProtocols else {
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
    var start: UnsafeMutablePointer<UInt8>?
    let outcome = SSL_select_next_proto(
        &start, chosenCount, own.baseAddress, UInt32(own.count), offer, offerCount)
    chosen.pointee = UnsafePointer(start)
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL
}
