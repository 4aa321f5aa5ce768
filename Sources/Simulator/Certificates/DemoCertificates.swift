import Basics

/// A certificate authority made at start, and the certificates it signs: ECDSA P-256, good for 30 days.
public final class DemoCertificates: Sendable {
    /// What clients must trust.
    public let caPEM: String
    private let key: KeyPair
    private let certificate: Certificate

    public init() throws(CertificateFailure) {
        key = try KeyPair()
        certificate = try Certificate(commonName: "Lakegate demo authority", key: key, names: [], signer: nil)
        caPEM = try certificate.pem()
    }

    /// A server certificate for these names; what reads as an IPv4 or IPv6 address becomes one.
    public func leaf(for hostNames: [String]) throws(CertificateFailure) -> DemoLeaf {
        let own = try KeyPair()
        let leaf = try Certificate(
            commonName: hostNames.first ?? "localhost", key: own, names: hostNames,
            signer: Signer(certificate: certificate, key: key))
        return DemoLeaf(certificatePEM: try leaf.pem(), privateKeyPEM: try own.pem())
    }
}

/// A server certificate and its private key.
public struct DemoLeaf: Sendable {
    public var certificatePEM: String
    public var privateKeyPEM: Secret<String>
}

/// OpenSSL would not do one of the steps; there is no input from outside that could cause it.
public struct CertificateFailure: Error, Sendable, Equatable {
    public var step: String
}
