import COpenSSL

extension TLSEngine {
    func acceptAsServer() {
        guard let ssl else { return }
        SSL_set_accept_state(ssl)
    }

    /// Without a host to demand a certificate for there is no session: every step fails.
    func connectAsClient(to server: ResumptionCache.Key) {
        guard let ssl else { return }
        SSL_set_connect_state(ssl)
        guard PeerCertificate.demand(host: server.host, of: ssl) else {
            certificateFault = "the server's name is neither a host name nor an address"
            return giveUp()
        }
        guard let session = context.resumption.take(for: server) else { return }
        SSL_set_session(ssl, session.raw)
    }
}
