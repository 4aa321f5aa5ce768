import Basics

/// Proof that whoever redeems a code also started the login (RFC 7636). Only the method S256 exists here.
public struct PKCE: Sendable {
    /// 43 to 128 unreserved characters.
    public let verifier: Secret<String>

    /// A verifier of 43 characters or more; `nil` for fewer than 32 or more than 96 random bytes.
    public init?(randomBytes: [UInt8]) {
        guard (32...96).contains(randomBytes.count) else { return nil }
        verifier = Secret(Base64URL.encode(randomBytes))
    }

    /// A verifier that was kept; `nil` if RFC 7636 does not allow it.
    public init?(verifier: String) {
        guard (43...128).contains(verifier.utf8.count), verifier.utf8.allSatisfy(PercentCoding.isUnreserved) else {
            return nil
        }
        self.verifier = Secret(verifier)
    }

    /// What the authorize request shows of the verifier: its SHA-256, in base64url.
    public func challenge(sha256: ([UInt8]) -> [UInt8]) -> String {
        Base64URL.encode(sha256(Array(verifier.reveal().utf8)))
    }
}
