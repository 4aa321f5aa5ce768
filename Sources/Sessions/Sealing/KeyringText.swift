import Basics
import Foundation

/// The keyring as JSON text: `{"version":1,"active":"k…","keys":[{"id":"k…","key":"…","created":"…"}]}`.
extension Keyring {
    /// Text of a keyring with one new key.
    public static func generate(random: RandomSource, now: Timestamp) -> String {
        let key = newKey(random: random, now: now)
        return """
            {
              "version": 1,
              "active": "\(key.id)",
              "keys": [
                { "id": "\(key.id)", "key": "\(key.key)", "created": "\(key.created)" }
              ]
            }

            """
    }

    static func newKey(random: RandomSource, now: Timestamp) -> (id: String, key: String, created: String) {
        let id = "k" + Base64URL.encode(random.bytes(6))
        return (id, Base64URL.encode(random.bytes(SealingKey.size)), now.text)
    }

    /// Reads what ``generate(random:now:)`` makes, with any number of keys.
    public static func parse(_ text: [UInt8]) throws(KeyringError) -> Keyring {
        let object = try object(text)
        guard object["version"] as? Int == 1 else { throw .wrongField(field: "version", problem: "must be 1") }
        guard let active = object["active"] as? String else {
            throw .wrongField(field: "active", problem: "must name the key that makes new seals")
        }
        guard let list = object["keys"] as? [Any], !list.isEmpty else {
            throw .wrongField(field: "keys", problem: "must be a list of at least one key")
        }
        guard let keyring = Keyring(activeID: active, keys: try keys(list)) else {
            throw .wrongField(field: "active", problem: "names a key that is not in the list")
        }
        return keyring
    }

    static func object(_ text: [UInt8]) throws(KeyringError) -> [String: Any] {
        guard let value = try? JSONSerialization.jsonObject(with: Data(text)), let object = value as? [String: Any]
        else { throw .notJSON }
        return object
    }

    private static func keys(_ list: [Any]) throws(KeyringError) -> [String: SealingKey] {
        var keys: [String: SealingKey] = [:]
        for (index, value) in list.enumerated() {
            let place = "keys[\(index)]"
            guard let object = value as? [String: Any] else {
                throw .wrongField(field: place, problem: "must be an object with id, key and created")
            }
            let id = try checkedID(object["id"], place: place)
            guard keys[id] == nil else { throw .wrongField(field: "\(place).id", problem: "appears twice") }
            keys[id] = try checkedKey(object["key"], place: place)
        }
        return keys
    }

    private static func checkedID(_ value: Any?, place: String) throws(KeyringError) -> String {
        guard let id = value as? String, (1...32).contains(id.utf8.count), id.utf8.allSatisfy(isWord) else {
            throw .wrongField(field: "\(place).id", problem: "must be 1 to 32 letters, digits, '-' or '_'")
        }
        return id
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func checkedKey(_ value: Any?, place: String) throws(KeyringError) -> SealingKey {
        let problem = "must be 32 random bytes in base64url without padding (43 characters)"
        guard let text = value as? String, var bytes = Base64URL.decode(text), bytes.count == SealingKey.size else {
            throw .wrongField(field: "\(place).key", problem: problem)
        }
        defer { wipe(&bytes) }
        // 32 random bytes have fewer than 16 different values about once in 10^16 keys; examples and defaults do.
        guard Set(bytes).count >= 16 else {
            throw .wrongField(field: "\(place).key", problem: "is not random; make one with: lakegate keys generate")
        }
        return SealingKey(bytes)
    }
}
