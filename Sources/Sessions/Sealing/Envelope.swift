/// A sealed record as bytes: version, length and text of the key id, nonce, ciphertext, tag.
package struct Envelope {
    static let version: UInt8 = 1
    let keyID: [UInt8]
    let nonce: [UInt8]
    /// Ciphertext with the tag behind it.
    let sealed: ArraySlice<UInt8>

    init(keyID: [UInt8], nonce: [UInt8], sealed: ArraySlice<UInt8>) {
        self.keyID = keyID
        self.nonce = nonce
        self.sealed = sealed
    }

    package var bytes: [UInt8] {
        [Self.version, UInt8(clamping: keyID.count)] + keyID + nonce + sealed
    }

    /// `nil` if the bytes are too short for what they announce or of another version.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= 2, bytes[0] == Self.version else { return nil }
        let nonceStart = 2 + Int(bytes[1])
        let sealedStart = nonceStart + AESGCM.nonceSize
        guard bytes.count >= sealedStart + AESGCM.tagSize else { return nil }
        keyID = Array(bytes[2..<nonceStart])
        nonce = Array(bytes[nonceStart..<sealedStart])
        sealed = bytes[sealedStart...]
    }

    /// What the seal covers beside the content: a record that is renamed, rolled back in its generation,
    /// or given to another key does not open.
    func associated(name: RecordName, generation: UInt64) -> [UInt8] {
        LengthFramed(Array(name.text.utf8), bigEndian(generation), [Self.version], keyID).bytes
    }
}
