/// What a client trusts and shows at the moment, from files that may be replaced while it runs.
///
/// Connections keep what they began with.
public final class ClientIdentity: Sendable {
    private let files: RenewableIdentity

    /// Reads the files. The arguments are those of ``TLSContext/client(caPath:applicationProtocols:certificate:)``.
    public init(
        caPath: String?, applicationProtocols: [String] = [], certificate: CertificateFiles? = nil
    ) throws(TLSError) {
        let own = certificate.map { [$0.chainPath, $0.privateKeyPath] } ?? []
        files = try RenewableIdentity(of: own + (caPath.map { [$0] } ?? [])) { () throws(TLSError) in
            try TLSContext.client(
                caPath: caPath, applicationProtocols: applicationProtocols, certificate: certificate)
        }
    }

    /// For a connection that begins.
    public var current: TLSContext { files.current }

    /// Reads the files again if they have changed since they were read last. Blocks; one caller at a time.
    public func look() -> CertificateLook { files.look() }
}
