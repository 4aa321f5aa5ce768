import Basics

/// Seals and opens the content of records under a keyring.
package struct Seal: Sendable {
    let keyring: Keyring

    package init(keyring: Keyring) {
        self.keyring = keyring
    }

    package func close(
        _ plaintext: [UInt8], name: RecordName, generation: UInt64, random: RandomSource
    ) throws(SealError) -> [UInt8] {
        let nonce = random.bytes(AESGCM.nonceSize)
        let empty = Envelope(keyID: Array(keyring.activeID.utf8), nonce: nonce, sealed: [])
        var key = try Subkey.derive(from: keyring.active, for: name)
        defer { wipe(&key) }
        let associated = empty.associated(name: name, generation: generation)
        let sealed = try AESGCM.seal(plaintext, key: key, nonce: nonce, associated: associated)
        return Envelope(keyID: empty.keyID, nonce: nonce, sealed: sealed[...]).bytes
    }

    package func open(_ bytes: [UInt8], name: RecordName, generation: UInt64) throws(SealError) -> [UInt8] {
        guard let envelope = Envelope(bytes), let id = String(validating: envelope.keyID, as: UTF8.self),
            let master = keyring.key(id)
        else { throw .doesNotOpen }
        var key = try Subkey.derive(from: master, for: name)
        defer { wipe(&key) }
        let associated = envelope.associated(name: name, generation: generation)
        return try AESGCM.open(envelope.sealed, key: key, nonce: envelope.nonce, associated: associated)
    }
}
