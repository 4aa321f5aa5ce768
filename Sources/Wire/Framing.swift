/// How the body of a request is delimited (RFC 9112, section 6.3).
public enum RequestFraming: Hashable, Sendable {
    case none
    /// Exactly this many bytes, possibly zero.
    case length(UInt64)
    case chunked
}

/// How the body of a response is delimited (RFC 9112, section 6.3).
public enum ResponseFraming: Hashable, Sendable {
    /// No body, whatever the fields say: HEAD, 1xx, 204, 304.
    case none
    case length(UInt64)
    case chunked
    /// The body ends with the connection.
    case untilClose

    /// Nothing follows the head.
    public var isEmpty: Bool { self == .none || self == .length(0) }
}

enum ContentLength {
    /// Reads 1 to 19 decimal digits and nothing else; lists of equal numbers are refused too.
    static func read(_ bytes: RawSpan, _ value: Range<Int>) throws(Stop) -> UInt64 {
        guard 1...19 ~= value.count else { throw .invalid(.contentLengthInvalid) }
        var length: UInt64 = 0
        for position in value {
            let octet = bytes[octet: position]
            guard octet.isDigit else { throw .invalid(.contentLengthInvalid) }
            length = length &* 10 &+ UInt64(octet &- 0x30)  // 19 digits stay below 2^64
        }
        // NIO and most peers count in signed 64 bits.
        guard length <= UInt64(Int64.max) else { throw .invalid(.contentLengthInvalid) }
        return length
    }
}
