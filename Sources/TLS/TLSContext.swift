import COpenSSL

/// Everything that TLS connections of one kind have in common: keys and trust, protocol versions, tickets.
///
/// Share one between all event loops, so that a ticket of one serves on every other.
/// Unchecked because `SSL_CTX` may be used from several threads once it is set up, which it is when `init` returns;
/// everything else here is immutable.
public final class TLSContext: @unchecked Sendable {
    let raw: OpaquePointer
    /// In order of preference, each behind its length (RFC 7301, section 3.1). Callbacks point into it.
    let applicationProtocols: UnsafeBufferPointer<UInt8>
    let resumption = ResumptionCache()
    /// Of the certificate that is shown; `nil` for a client without one.
    public let certificateSummary: CertificateSummary?
    /// Of a server; `nil` for a client.
    let ticketKeys: TicketKeys?
    /// Whether clients may show certificates.
    let asksForCertificates: Bool

    init(
        method: OpaquePointer?, applicationProtocols: [String], identity: CertificateSummary?,
        ticketKeys: TicketKeys? = nil, asksForCertificates: Bool = false
    ) throws(TLSError) {
        OpenSSLErrors.clear()
        guard let raw = SSL_CTX_new(method) else { throw .library(reason: OpenSSLErrors.takeReason()) }
        self.raw = raw
        self.applicationProtocols = TLSContext.wireFormat(applicationProtocols)
        self.certificateSummary = identity
        self.ticketKeys = ticketKeys
        self.asksForCertificates = asksForCertificates
        try applyCommonRules()
    }

    deinit {
        SSL_CTX_free(raw)
        applicationProtocols.deallocate()
    }

    private func applyCommonRules() throws(TLSError) {
        lakegate_ctx_set_options(raw)
        let modes = SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY
        lakegate_ctx_set_mode(raw, Int(modes))
        guard
            lakegate_ctx_set_min_version(raw, TLS1_2_VERSION) == 1,
            SSL_CTX_set_cipher_list(raw, TLSContext.ciphers12) == 1,
            SSL_CTX_set_ciphersuites(raw, TLSContext.ciphers13) == 1,
            lakegate_ctx_set_groups(raw, TLSContext.groups) == 1
        else { throw .library(reason: OpenSSLErrors.takeReason()) }
    }

    private static func wireFormat(_ protocols: [String]) -> UnsafeBufferPointer<UInt8> {
        let bytes = protocols.filter { (1...255).contains($0.utf8.count) }.flatMap { [UInt8($0.utf8.count)] + $0.utf8 }
        let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count, 1))
        _ = room.initialize(from: bytes)
        return UnsafeBufferPointer(rebasing: room.prefix(bytes.count))
    }

    /// Forward secret and authenticated only; AES-128 first, since it is the cheapest with AES instructions.
    private static let ciphers12 = """
        ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:\
        ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
        """
    private static let ciphers13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    private static let groups = "X25519:P-256:P-384"
}
