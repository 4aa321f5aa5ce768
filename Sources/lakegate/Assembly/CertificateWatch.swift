import Logging
import TLS

/// Takes up a certificate that was renewed, soon after its files are there.
struct CertificateWatch: Sendable {
    let identity: ServerIdentity
    let logger: Logger

    /// Looks at the files twice a second, until cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(500))
            tell(identity.look())
        }
    }

    private func tell(_ look: ServerIdentity.Look) {
        switch look {
        case .unchanged: break
        case .replaced(let summary):
            logger.info(
                "certificate replaced",
                metadata: [
                    "names": "\(summary.names.joined(separator: ","))", "issuer": "\(summary.issuer)",
                    "not_after": "\(summary.notAfter.milliseconds / 1000)",
                ])
        case .unusable(let problem):
            logger.error("certificate not replaced, the former one stays", metadata: ["reason": "\(problem)"])
        }
    }
}
