/// A session token as a client presented it: which session, and the digest of the secret.
public struct PresentedToken: Sendable {
    public let id: SessionID
    public let digest: KeyDigest

    public init(id: SessionID, digest: KeyDigest) {
        self.id = id
        self.digest = digest
    }

    /// Reads a whole token; `nil` if the bytes are not one. Allocates nothing.
    public static func parse(_ bytes: RawSpan, hasher: borrowing SHA256Hasher) -> PresentedToken? {
        guard hasPrefix(bytes), let decoded = decode(bytes) else { return nil }
        guard let digest = hasher.digest(decoded.span.extracting(16..<48).bytes) else { return nil }
        return PresentedToken(id: SessionID(high: word(decoded, 0), low: word(decoded, 8)), digest: digest)
    }

    /// Whether bytes look like one of our tokens, so that a bearer that is not ours can be told apart.
    public static func hasPrefix(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount == SessionToken.length else { return false }
        return byte(bytes, 0) == UInt8(ascii: "l") && byte(bytes, 1) == UInt8(ascii: "k")
            && byte(bytes, 2) == UInt8(ascii: "g") && byte(bytes, 3) == UInt8(ascii: "_")
    }

    /// The 48 bytes behind the prefix of a token of the right length.
    private static func decode(_ bytes: RawSpan) -> InlineArray<48, UInt8>? {
        // Bounds-checked like `byte`; the vector takes all 64 characters at once.
        let digits = base64Digits(bytes.unsafeLoadUnaligned(fromByteOffset: 4, as: SIMD64<UInt8>.self))
        guard digits.max() < 64 else { return nil }
        var decoded = InlineArray<48, UInt8>(repeating: 0)
        for group in 0..<16 {
            let (first, second) = (digits[group * 4], digits[group * 4 + 1])
            let (third, fourth) = (digits[group * 4 + 2], digits[group * 4 + 3])
            decoded[group * 3] = first << 2 | second >> 4
            decoded[group * 3 + 1] = second << 4 | third >> 2
            decoded[group * 3 + 2] = third << 6 | fourth
        }
        return decoded
    }

    private static func word(_ bytes: borrowing InlineArray<48, UInt8>, _ start: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in start..<start + 8 {
            word = word << 8 | UInt64(bytes[index])
        }
        return word
    }

    /// Bounds-checked, in spite of its name in the standard library; any byte is a valid `UInt8`.
    private static func byte(_ bytes: RawSpan, _ offset: Int) -> UInt8 {
        bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}

/// Values of base64url characters, 64 or more for any other byte. Free of branches and tables, since it reads secrets.
private func base64Digits(_ bytes: SIMD64<UInt8>) -> SIMD64<UInt8> {
    var digits = SIMD64<UInt8>(repeating: 64)
    place(&digits, bytes, "A", "Z", 0)
    place(&digits, bytes, "a", "z", 26)
    place(&digits, bytes, "0", "9", 52)
    place(&digits, bytes, "-", "-", 62)
    place(&digits, bytes, "_", "_", 63)
    return digits
}

/// Gives the bytes from one character to another the values from `base` on.
@inline(__always)
private func place(
    _ digits: inout SIMD64<UInt8>, _ bytes: SIMD64<UInt8>, _ first: Unicode.Scalar, _ last: Unicode.Scalar,
    _ base: UInt8
) {
    let offsets = bytes &- UInt8(ascii: first)
    digits.replace(with: offsets &+ base, where: offsets .<= (UInt8(ascii: last) - UInt8(ascii: first)))
}
