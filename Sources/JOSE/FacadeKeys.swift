import Basics
import JWTKit
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
    public func sign(_ claims: AccessClaims) async -> Secret<String>? {
        let keys = await keys()
        let header: JWTHeader = ["typ": .string(Self.type)]
        let text = try? await keys.collection.sign(claims, kid: JWKIdentifier(string: keys.activeID), header: header)
        return text.map { Secret($0) }
    }

    /// What the token says, if it was signed here; whether that is still good, the caller has to judge.
    public func open(_ token: UnverifiedToken) async -> AccessClaims? {
        let keys = await keys()
        guard !token.header.isCritical, token.header.algorithm == "ES256", token.header.type == Self.type,
            let id = token.header.keyID, keys.publicKeys[id] != nil
        else { return nil }
        return try? await keys.collection.verify(token.text.reveal(), as: AccessClaims.self)
    }

    /// The public keys (RFC 7517), sorted by their ids.
    public func published() async -> PublishedKeys {
        let keys = await keys().publicKeys
        return PublishedKeys(keys: keys.values.sorted { $0.id < $1.id })
    }

    private func keys() async -> SigningKeys {
        let keyring = keyring.current
        let fingerprint = keyring.fingerprint
        if let keys = known.withLock({ $0 }), keys.fingerprint == fingerprint { return keys }
        let keys = await SigningKeys(keyring)
        known.withLock { $0 = keys }
        return keys
    }

    /// RFC 9068, section 2.1: no other signed token passes for one of these.
    private static let type = "at+jwt"
}
