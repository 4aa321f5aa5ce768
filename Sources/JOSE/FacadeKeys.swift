import Basics
import FoundationEssentials
import Sessions
import Synchronization

/// Signs the access tokens of Lakegate and knows them again (ES256).
///
/// There is a key for each key of the keyring, derived from it: all replicas have the same ones, and a changed keyring counts
/// at once. The active one signs, all verify.
public final class FacadeKeys: Sendable {
    private let keyring: KeyringBox
    private let known = Mutex<SigningKeys?>(nil)

    public init(_ keyring: KeyringBox) {
        self.keyring = keyring
    }

    /// `nil` only if the crypto library refuses to work.
    public func sign(_ claims: AccessClaims) -> Secret<String>? {
        let keys = keys()
        let header = ["alg": SignatureAlgorithm.es256.rawValue, "typ": Self.type, "kid": keys.activeID]
        guard let key = keys.keys[keys.activeID], let first = Self.part(header), let second = Self.part(claims),
            let signature = key.sign(Array("\(first).\(second)".utf8))
        else { return nil }
        return Secret("\(first).\(second).\(Base64URL.encode(signature))")
    }

    private static func part(_ value: some Encodable) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { Base64URL.encode(Array($0)) }
    }

    /// What the token says, if it was signed here; whether that is still good, the caller has to judge.
    public func open(_ token: UnverifiedToken) -> AccessClaims? {
        guard !token.header.isCritical, token.header.algorithm == SignatureAlgorithm.es256.rawValue,
            token.header.type == Self.type, let id = token.header.keyID,
            let key = keys().keys[id]?.verifying, token.isSigned(by: key)
        else { return nil }
        return token.payload.flatMap { try? JSONDecoder().decode(AccessClaims.self, from: Data($0)) }
    }

    /// The public keys (RFC 7517), sorted by their ids.
    public func published() -> PublishedKeys {
        PublishedKeys(keys: keys().published.sorted { $0.id < $1.id })
    }

    private func keys() -> SigningKeys {
        let keyring = keyring.current
        let fingerprint = keyring.fingerprint
        if let keys = known.withLock({ $0 }), keys.fingerprint == fingerprint { return keys }
        let keys = SigningKeys(keyring)
        known.withLock { $0 = keys }
        return keys
    }

    /// RFC 9068, section 2.1: no other signed token passes for one of these.
    private static let type = "at+jwt"
}
