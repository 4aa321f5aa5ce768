/// Why TLS cannot be set up: what an operator reads, with the file and the remedy.
public enum TLSError: Error, Sendable, Equatable {
    /// The reason is the operating system's.
    case unreadable(path: String, reason: String)
    case noCertificate(path: String)
    case noPrivateKey(path: String)
    case privateKeyEncrypted(path: String)
    case keyMismatch(certificatePath: String, privateKeyPath: String)
    /// The date is that of the certificate, in UTC.
    case expired(path: String, notAfter: String)
    case notYetValid(path: String, notBefore: String)
    /// OpenSSL will not use the certificate or key, for instance because it is too weak.
    case refused(path: String, reason: String)
    /// OpenSSL cannot do what every build of it can.
    case library(reason: String)
}

extension TLSError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason); check the path and that the file is readable for this user"
        case .noCertificate(let path):
            "\(path) holds no PEM certificate; it needs '-----BEGIN CERTIFICATE-----' blocks, the server's own first"
        case .noPrivateKey(let path):
            "\(path) holds no PEM private key; it needs one '-----BEGIN PRIVATE KEY-----' block"
        case .privateKeyEncrypted(let path):
            "the private key in \(path) is encrypted; store it decrypted: openssl pkey -in \(path) -out decrypted.key"
        case .keyMismatch(let certificatePath, let privateKeyPath):
            """
            the private key in \(privateKeyPath) does not belong to the first certificate in \(certificatePath); \
            use the pair that was issued together, with the server's own certificate first in the file
            """
        case .expired(let path, let notAfter):
            "the certificate in \(path) expired on \(notAfter); renew it"
        case .notYetValid(let path, let notBefore):
            "the certificate in \(path) is not valid before \(notBefore); check this machine's clock"
        case .refused(let path, let reason):
            "OpenSSL does not accept \(path): \(reason); use an RSA key of 2048 bits or more, or a P-256 key"
        case .library(let reason):
            "OpenSSL cannot be set up: \(reason); check the installed libssl and its openssl.cnf"
        }
    }
}
