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
        var decoded = InlineArray<48, UInt8>(repeating: 0)
        var invalid: UInt8 = 0
        for group in 0..<16 {
            var word: UInt32 = 0
            for place in 0..<4 {
                let digit = base64Digit(byte(bytes, 4 + group * 4 + place))
                invalid |= digit
                word = word << 6 | UInt32(digit & 63)
            }
            decoded[group * 3] = UInt8(truncatingIfNeeded: word >> 16)
            decoded[group * 3 + 1] = UInt8(truncatingIfNeeded: word >> 8)
            decoded[group * 3 + 2] = UInt8(truncatingIfNeeded: word)
        }
        return invalid < 64 ? decoded : nil
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

/// Value of a base64url character, 64 or more for any other byte. Free of branches and tables, since it reads secrets.
private func base64Digit(_ byte: UInt8) -> UInt8 {
    let upper = inRange(byte, "A", "Z") & (byte &- UInt8(ascii: "A"))
    let lower = inRange(byte, "a", "z") & (byte &- UInt8(ascii: "a") &+ 26)
    let digit = inRange(byte, "0", "9") & (byte &- UInt8(ascii: "0") &+ 52)
    let minus = inRange(byte, "-", "-") & 62
    let underscore = inRange(byte, "_", "_") & 63
    let known =
        inRange(byte, "A", "Z") | inRange(byte, "a", "z") | inRange(byte, "0", "9") | inRange(byte, "-", "-")
        | inRange(byte, "_", "_")
    return (upper | lower | digit | minus | underscore) | (~known & 64)
}

/// 255 if the byte is between two characters, else 0.
@inline(__always)
private func inRange(_ byte: UInt8, _ first: Unicode.Scalar, _ last: Unicode.Scalar) -> UInt8 {
    let below = Int16(byte) &- Int16(UInt8(ascii: first))
    let above = Int16(UInt8(ascii: last)) &- Int16(byte)
    return ~UInt8(truncatingIfNeeded: (below | above) >> 15)
}
