import COpenSSL

/// SHA-256 with everything OpenSSL needs fetched beforehand. One per event loop; not to be shared between threads.
public final class SHA256Hasher {
    private let algorithm: OpaquePointer?
    private let context: OpaquePointer?

    public init() {
        algorithm = EVP_MD_fetch(nil, "SHA256", nil)
        context = EVP_MD_CTX_new()
    }

    deinit {
        EVP_MD_CTX_free(context)
        EVP_MD_free(algorithm)
    }

    /// The digest, or `nil` if the crypto library refuses to work.
    public func digest(_ bytes: RawSpan) -> KeyDigest? {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        // The pointers are valid for the calls they are passed to; 32 bytes are what SHA-256 writes.
        let done = bytes.withUnsafeBytes { input in
            withUnsafeMutableBytes(of: &words) { output in
                EVP_DigestInit_ex2(context, algorithm, nil) == 1
                    && EVP_DigestUpdate(context, input.baseAddress, input.count) == 1
                    && EVP_DigestFinal_ex(context, output.baseAddress, nil) == 1
            }
        }
        guard done else { return nil }
        return KeyDigest(
            words: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian))
    }
}

/// One-shot digests, for where speed does not matter.
public enum Digest {
    /// 32 bytes; empty only if the crypto library refuses to work.
    public static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        SHA256Hasher().digest(bytes.span.bytes)?.bytes ?? []
    }
}

extension KeyDigest {
    /// The 32 bytes of the digest.
    public var bytes: [UInt8] {
        bigEndian(words.0) + bigEndian(words.1) + bigEndian(words.2) + bigEndian(words.3)
    }

    /// `nil` unless there are 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.init(words: (word(bytes, 0), word(bytes, 8), word(bytes, 16), word(bytes, 24)))
    }
}

/// Eight bytes as a number, most significant first. The caller has checked that they are there.
func word(_ bytes: [UInt8], _ start: Int) -> UInt64 {
    bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
}
