import Basics
import Synchronization

/// The keys that seal stored records: one makes new seals, all of them open old ones.
public struct Keyring: Sendable {
    /// Id of the key that makes new seals; not a secret.
    public let activeID: String
    let active: SealingKey
    private let keys: [String: SealingKey]

    /// `nil` if no key has the active id.
    init?(activeID: String, keys: [String: SealingKey]) {
        guard let active = keys[activeID] else { return nil }
        self.activeID = activeID
        self.active = active
        self.keys = keys
    }

    /// A keyring of one new key that lives in this process only.
    public static func ephemeral(random: RandomSource) -> Keyring {
        Keyring(onlyKey: SealingKey(random.bytes(SealingKey.size)), id: "k-ephemeral")
    }

    private init(onlyKey: SealingKey, id: String) {
        activeID = id
        active = onlyKey
        keys = [id: onlyKey]
    }

    /// Ids of all keys, sorted.
    public var ids: [String] {
        keys.keys.sorted()
    }

    /// The same for keyrings with the same keys and the same active one: 16 hexadecimal digits that tell nothing of a key.
    public var fingerprint: String {
        var content = Array(activeID.utf8)
        for id in ids {
            guard let digest = keys[id]?.withBytes({ Digest.sha256(Array($0)) }) else { continue }
            content += [0] + Array(id.utf8) + [0] + digest
        }
        return Digest.sha256(content).prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    func key(_ id: String) -> SealingKey? {
        keys[id]
    }
}

extension Keyring: CustomStringConvertible, CustomReflectable {
    public var description: String { "keyring with active key \(activeID)" }
    public var customMirror: Mirror { Mirror(self, children: ["activeID": activeID]) }
}

/// The keyring in use; can be exchanged while the process runs.
public final class KeyringBox: Sendable {
    private let keyring: Mutex<Keyring>

    public init(_ keyring: Keyring) {
        self.keyring = Mutex(keyring)
    }

    public var current: Keyring {
        keyring.withLock { $0 }
    }

    public func replace(with keyring: Keyring) {
        self.keyring.withLock { $0 = keyring }
    }
}
