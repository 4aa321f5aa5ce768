import COpenSSL

/// A PEM file that is open for reading.
struct PEMFile: ~Copyable {
    let path: String
    private let bio: OpaquePointer

    init(path: String) throws(TLSError) {
        OpenSSLErrors.clear()
        guard let bio = BIO_new_file(path, "r") else {
            let code = ERR_GET_REASON(ERR_peek_error())
            ERR_clear_error()
            throw .unreadable(path: path, reason: String(cString: strerror(code)))
        }
        self.path = path
        self.bio = bio
    }

    deinit {
        BIO_free(bio)
    }

    /// Every certificate of the file in its order, at least one.
    func certificates() throws(TLSError) -> [Certificate] {
        var found: [Certificate] = []
        while let raw = PEM_read_bio_X509(bio, nil, refusePassphrase, nil) {
            found.append(Certificate(owning: raw))
        }
        let code = ERR_peek_last_error()
        ERR_clear_error()
        let ended = ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE
        guard ended, !found.isEmpty else { throw .noCertificate(path: path) }
        return found
    }

    func privateKey() throws(TLSError) -> PrivateKey {
        guard let raw = PEM_read_bio_PrivateKey(bio, nil, refusePassphrase, nil) else {
            let code = ERR_peek_last_error()
            let first = ERR_peek_error()
            ERR_clear_error()
            let encrypted = [code, first].contains { ERR_GET_REASON($0) == PEM_R_BAD_PASSWORD_READ }
            throw encrypted ? .privateKeyEncrypted(path: path) : .noPrivateKey(path: path)
        }
        return PrivateKey(owning: raw)
    }
}

/// One reference to an `X509`.
final class Certificate {
    let raw: OpaquePointer

    init(owning raw: OpaquePointer) {
        self.raw = raw
    }

    deinit {
        X509_free(raw)
    }

    /// Refuses a certificate that no client would accept at this moment.
    func checkDates(path: String) throws(TLSError) {
        if X509_cmp_current_time(X509_get0_notAfter(raw)) < 0 {
            throw .expired(path: path, notAfter: CertificateFacts.text(X509_get0_notAfter(raw)))
        }
        if X509_cmp_current_time(X509_get0_notBefore(raw)) > 0 {
            throw .notYetValid(path: path, notBefore: CertificateFacts.text(X509_get0_notBefore(raw)))
        }
    }
}

/// One reference to an `EVP_PKEY`.
final class PrivateKey {
    let raw: OpaquePointer

    init(owning raw: OpaquePointer) {
        self.raw = raw
    }

    deinit {
        EVP_PKEY_free(raw)
    }
}

/// Without it OpenSSL would ask on the terminal.
private func refusePassphrase(
    _: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32, _: UnsafeMutableRawPointer?
) -> Int32 {
    -1
}
