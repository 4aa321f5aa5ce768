import Basics
import Sessions

/// The keys that are derived from one keyring.
struct SigningKeys: Sendable {
    let fingerprint: String
    let activeID: String
    private(set) var keys: [String: SigningKey] = [:]

    init(_ keyring: Keyring) {
        fingerprint = keyring.fingerprint
        activeID = Self.keyID(keyring.activeID)
        for id in keyring.ids { keys[Self.keyID(id)] = Self.derive(from: keyring, id) }
    }

    var published: [PublishedKeys.Key] {
        keys.map { PublishedKeys.Key(id: $0, x: Base64URL.encode($1.x), y: Base64URL.encode($1.y)) }
    }

    static func keyID(_ sealingKeyID: String) -> String {
        "lakegate-\(sealingKeyID)"
    }

    /// One number in 2^32 is no private key of the curve: then the next one is taken.
    private static func derive(from keyring: Keyring, _ id: String) -> SigningKey? {
        for round in UInt8(0)..<4 {
            guard let bytes = keyring.secrets(for: "access tokens, ES256", round: round)[id] else { return nil }
            if let key = SigningKey(number: bytes.reveal()) { return key }
        }
        return nil
    }
}

/// A set of public keys as JSON has it (RFC 7517, section 5).
public struct PublishedKeys: Encodable, Sendable, Equatable {
    public struct Key: Encodable, Sendable, Equatable {
        let kty = "EC"
        let crv = "P-256"
        let use = "sig"
        let alg = "ES256"
        public let id: String
        public let x: String
        public let y: String

        enum CodingKeys: String, CodingKey {
            case kty, crv, use, alg, x, y
            case id = "kid"
        }
    }

    public let keys: [Key]
}
