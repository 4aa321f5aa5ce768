import Basics
import JWTKit
import Sessions

/// The keys that are derived from one keyring.
struct SigningKeys: Sendable {
    let fingerprint: String
    let activeID: String
    let collection = JWTKeyCollection()
    private(set) var publicKeys: [String: PublishedKeys.Key] = [:]

    init(_ keyring: Keyring) async {
        fingerprint = keyring.fingerprint
        activeID = Self.keyID(keyring.activeID)
        for id in keyring.ids {
            guard let key = Self.derive(from: keyring, id), let point = key.parameters else { continue }
            let name = Self.keyID(id)
            await collection.add(ecdsa: key, kid: JWKIdentifier(string: name))
            publicKeys[name] = PublishedKeys.Key(id: name, x: urlSafe(point.x), y: urlSafe(point.y))
        }
    }

    static func keyID(_ sealingKeyID: String) -> String {
        "lakegate-\(sealingKeyID)"
    }

    /// One number in 2^32 is no private key of the curve: then the next one is taken.
    private static func derive(from keyring: Keyring, _ id: String) -> ES256PrivateKey? {
        for round in UInt8(0)..<4 {
            guard let bytes = keyring.secrets(for: "access tokens, ES256", round: round)[id] else { return nil }
            if let key = try? ES256PrivateKey(key: Base64URL.encode(bytes.reveal())) { return key }
        }
        return nil
    }
}

/// jwt-kit gives coordinates in the alphabet of plain base 64.
private func urlSafe(_ text: String) -> String {
    text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
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
