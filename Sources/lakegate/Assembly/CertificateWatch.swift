import Logging
import TLS

/// Takes up a certificate that was renewed, soon after its files are there.
struct CertificateWatch: Sendable {
    /// Reads the files again if they have changed.
    let look: @Sendable () -> CertificateLook
    /// Where the certificate is shown, for the log.
    let place: String
    let logger: Logger

    /// Looks at the files twice a second, until cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(500))
            tell(look())
        }
    }

    private func tell(_ look: CertificateLook) {
        switch look {
        case .unchanged: break
        case .replaced(let summary):
            logger.info(
                "certificate replaced",
                metadata: [
                    "key": "\(place)", "names": "\(summary.names.joined(separator: ","))",
                    "issuer": "\(summary.issuer)", "not_after": "\(summary.notAfter.milliseconds / 1000)",
                ])
        case .trustReplaced: logger.info("trusted authorities replaced", metadata: ["key": "\(place)"])
        case .unusable(let problem):
            logger.error(
                "certificate not replaced, the former one stays",
                metadata: ["key": "\(place)", "reason": "\(problem)"])
        }
    }
}
