import COpenSSL

/// Why a seal was not made or not opened. Opening has one answer only, whatever was wrong.
public enum SealError: Error, Sendable, Equatable {
    /// The crypto library refused to work.
    case libraryFailed
    /// Wrong key, moved, truncated or changed.
    case doesNotOpen
}

/// AES-256-GCM with a 96-bit nonce and a 128-bit tag (NIST SP 800-38D), by OpenSSL's EVP interface.
enum AESGCM {
    static let nonceSize = 12
    static let tagSize = 16

    // OpenSSL's fetched algorithms are immutable and may be shared between threads.
    nonisolated(unsafe) private static let cipher = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)

    /// The ciphertext with the tag behind it.
    static func seal(
        _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], associated: [UInt8]
    ) throws(SealError) -> [UInt8] {
        let context = try CipherState(key: key, nonce: nonce, encrypting: true)
        try context.authenticate(associated)
        var output = try context.process(plaintext)
        output.append(contentsOf: try context.finishWithTag())
        return output
    }

    /// The plaintext, if ciphertext, tag, key, nonce and associated data belong together.
    static func open(
        _ sealed: ArraySlice<UInt8>, key: [UInt8], nonce: [UInt8], associated: [UInt8]
    ) throws(SealError) -> [UInt8] {
        guard sealed.count >= tagSize else { throw .doesNotOpen }
        let context = try CipherState(key: key, nonce: nonce, encrypting: false)
        try context.authenticate(associated)
        var plaintext = try context.process(Array(sealed.dropLast(tagSize)))
        guard context.finish(expecting: Array(sealed.suffix(tagSize))) else {
            wipe(&plaintext)
            throw .doesNotOpen
        }
        return plaintext
    }

    /// One use of the cipher. Pointers into Swift arrays live only for the call they are passed to.
    private final class CipherState {
        private let pointer: OpaquePointer

        init(key: [UInt8], nonce: [UInt8], encrypting: Bool) throws(SealError) {
            guard key.count == SealingKey.size, nonce.count == nonceSize, let cipher,
                let pointer = EVP_CIPHER_CTX_new()
            else { throw .libraryFailed }
            self.pointer = pointer
            guard EVP_CipherInit_ex2(pointer, cipher, key, nonce, encrypting ? 1 : 0, nil) == 1 else {
                throw .libraryFailed
            }
        }

        deinit {
            EVP_CIPHER_CTX_free(pointer)
        }

        func authenticate(_ bytes: [UInt8]) throws(SealError) {
            var written: Int32 = 0
            guard let count = Int32(exactly: bytes.count),
                EVP_CipherUpdate(pointer, nil, &written, bytes, count) == 1
            else { throw .libraryFailed }
        }

        func process(_ input: [UInt8]) throws(SealError) -> [UInt8] {
            var output = [UInt8](repeating: 0, count: input.count)
            var written: Int32 = 0
            guard let count = Int32(exactly: input.count),
                EVP_CipherUpdate(pointer, &output, &written, input, count) == 1, written == count
            else { throw .libraryFailed }
            return output
        }

        func finishWithTag() throws(SealError) -> [UInt8] {
            var rest = [UInt8](repeating: 0, count: 16)
            var tag = [UInt8](repeating: 0, count: tagSize)
            var written: Int32 = 0
            guard EVP_CipherFinal_ex(pointer, &rest, &written) == 1,
                EVP_CIPHER_CTX_ctrl(pointer, EVP_CTRL_AEAD_GET_TAG, Int32(tagSize), &tag) == 1
            else { throw .libraryFailed }
            return tag
        }

        func finish(expecting tag: [UInt8]) -> Bool {
            var tag = tag
            var rest = [UInt8](repeating: 0, count: 16)
            var written: Int32 = 0
            return EVP_CIPHER_CTX_ctrl(pointer, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
                && EVP_CipherFinal_ex(pointer, &rest, &written) == 1
        }
    }
}
