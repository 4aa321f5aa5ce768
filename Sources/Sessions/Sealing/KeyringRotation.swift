import Basics
import Foundation

/// Changes to the text of a keyring. What they do not change stays, fields that this version does not know included.
extension Keyring {
    /// One more key at the end, which opens seals and makes none yet.
    public static func prepare(_ text: [UInt8], random: RandomSource, now: Timestamp) throws(KeyringError) -> String {
        try edit(text) { object, keys in
            let key = newKey(random: random, now: now)
            keys.append(["id": key.id, "key": key.key, "created": key.created])
        }
    }

    /// The last key makes the seals from here on.
    public static func activateLast(_ text: [UInt8]) throws(KeyringError) -> String {
        try edit(text) { object, keys in object["active"] = keys.last?["id"] }
    }

    /// Without a key: what it has sealed does not open any more.
    public static func retire(_ id: String, from text: [UInt8]) throws(KeyringError) -> String {
        let keyring = try parse(text)
        guard keyring.ids.contains(id) else { throw .wrongField(field: "keys", problem: "have none with this id") }
        guard keyring.activeID != id else {
            throw .wrongField(field: "active", problem: "names this key; first run: lakegate keys rotate")
        }
        return try edit(text) { object, keys in keys.removeAll { $0["id"] as? String == id } }
    }

    /// Whether a key waits to become the active one.
    public static func isPrepared(_ text: [UInt8]) throws(KeyringError) -> Bool {
        let active = try parse(text).activeID
        return try keys(of: object(text)).last?["id"] as? String != active
    }

    private static func edit(
        _ text: [UInt8], _ change: (inout [String: Any], inout [[String: Any]]) -> Void
    ) throws(KeyringError) -> String {
        _ = try parse(text)
        var object = try object(text)
        var keys = keys(of: object)
        change(&object, &keys)
        object["keys"] = keys
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? JSONSerialization.data(withJSONObject: object, options: options) else { throw .notJSON }
        _ = try parse(Array(data))
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private static func keys(of object: [String: Any]) -> [[String: Any]] {
        object["keys"] as? [[String: Any]] ?? []
    }
}
