/// A user and a password as the field Authorization says them (RFC 7617).
public struct BasicCredentials: Sendable, Equatable {
    /// User, colon and password.
    private let pair: [UInt8]
    private let colon: Int

    /// `value` is the whole value of the field; `nil` for another scheme, or what is no such pair.
    ///
    /// Read as leniently as any server might: what it would take for our secret must not pass for a stranger's.
    public init?(_ value: RawSpan) {
        guard value.startsFolded(with: "basic "), value.byteCount <= Self.longest,
            let pair = Self.decode(value, from: 6), let colon = pair.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        (self.pair, self.colon) = (pair, colon)
    }

    /// The user that stands for "the password is a token", at Databricks.
    public var isToken: Bool { pair[..<colon].elementsEqual("token".utf8) }

    public var password: [UInt8] { Array(pair[(colon + 1)...]) }

    private static let longest = 16 * 1024

    /// Base 64 of either alphabet, with or without padding (RFC 4648, sections 4 and 5).
    private static func decode(_ value: RawSpan, from start: Int) -> [UInt8]? {
        var (bytes, bits, count) = ([UInt8](), UInt32(0), 0)
        for offset in start..<value.byteCount {
            let octet = value[octet: offset]
            if octet == UInt8(ascii: "=") || octet == UInt8(ascii: " ") { continue }
            guard let six = sextet(octet) else { return nil }
            (bits, count) = (bits << 6 | UInt32(six), count + 6)
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return bytes
    }

    private static func sextet(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): octet - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): octet - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
