import COpenSSL

/// Keys for one record each, derived from a key of the keyring.
///
/// With a key per record name, the number of seals under one key stays far from the bound that random 96-bit
/// nonces set (SP 800-38D, section 8.3). HKDF's extract step is left out because the keyring's keys are already
/// uniformly random (RFC 5869, section 3.3); one block of its expand step is a whole key.
enum Subkey {
    static func derive(from key: SealingKey, for name: RecordName) throws(SealError) -> [UInt8] {
        try key.withBytes { bytes throws(SealError) in
            try expand(bytes, info: LengthFramed(Array("lakegate sealed record".utf8), Array(name.text.utf8)).bytes)
        }
    }

    /// T(1) of RFC 5869, section 2.3, with SHA-256.
    static func expand(_ key: UnsafeRawBufferPointer, info: [UInt8]) throws(SealError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: SealingKey.size)
        var written = 0
        let input = info + [1]
        let answer = EVP_Q_mac(
            nil, "HMAC", nil, "SHA256", nil, key.baseAddress, key.count, input, input.count, &output, output.count,
            &written)
        guard answer != nil, written == output.count else { throw .libraryFailed }
        return output
    }
}
