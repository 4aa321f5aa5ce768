/// The certificate that a server shows at the moment, from two files that may be replaced while it serves.
///
/// Connections keep what they began with. Tickets outlive a replacement.
public final class ServerIdentity: Sendable {
    private let files: RenewableIdentity

    /// Reads the files. The arguments are those of ``TLSContext/server(certificateChainPath:privateKeyPath:applicationProtocols:isTLS13Only:clientAuthorityPath:ticketKeys:)``.
    public init(
        certificateChainPath: String, privateKeyPath: String, applicationProtocols: [String],
        isTLS13Only: Bool = false, clientAuthorityPath: String? = nil, ticketKeys: TicketKeys = TicketKeys()
    ) throws(TLSError) {
        let paths = [certificateChainPath, privateKeyPath] + (clientAuthorityPath.map { [$0] } ?? [])
        files = try RenewableIdentity(of: paths) { () throws(TLSError) in
            try TLSContext.server(
                certificateChainPath: certificateChainPath, privateKeyPath: privateKeyPath,
                applicationProtocols: applicationProtocols, isTLS13Only: isTLS13Only,
                clientAuthorityPath: clientAuthorityPath, ticketKeys: ticketKeys)
        }
    }

    /// For a connection that begins.
    public var current: TLSContext { files.current }

    /// Reads the files again if they have changed since they were read last. Blocks; one caller at a time.
    public func look() -> CertificateLook { files.look() }
}
