/// Whose path a request names.
///
/// Paths are decided on and forwarded as the same bytes, never normalised. So a spelling that another server
/// could read as a different path is refused, as far as real Databricks paths do not need it:
///
/// - `.` and `..` segments are refused, in any mix of raw and encoded dots, between any mix of `/`, `%2F` and
///   `%5C`, and with `;parameters` behind them. Clients resolve them before they send a request, and a server that
///   resolves them after us would read a path that no rule was asked about.
/// - An encoded NUL, a `%` that encodes nothing, and the bytes C0 and C1 (overlong UTF-8, another way to write
///   dots and slashes) are refused.
/// - A path that decodes to one of Lakegate's own, but does not say so literally, is refused.
/// - `%2F`, `//`, `;` and encoded characters are otherwise left alone: names of files and tables contain them.
public enum TargetPath: Sendable {
    /// To be forwarded, if the gate agrees.
    case workspace
    /// One of Lakegate's own paths, or something below it: its pages, or what OAuth clients look for on the host of a
    /// workspace (RFC 8414).
    case lakegate

    /// Judges a path as it stands in the request target, without the query.
    public static func judge(_ bytes: RawSpan, _ path: Range<Int>) throws(HeadError) -> TargetPath {
        var walk = SegmentWalk()
        var octets = DecodedOctets(path)
        while let octet = try octets.next(in: bytes) {
            try walk.take(octet)
        }
        try walk.endSegment()
        // What all the names begin with, so that most paths are read once.
        switch walk.first {
        case UInt8(ascii: "."), UInt8(ascii: "o"): return try compare(bytes, path)
        default: return .workspace
        }
    }

    /// Whether a path that has no `%` and no segment that begins with a dot needs to be judged all the same.
    @inline(__always)
    static func mayBeLakegate(_ bytes: RawSpan, _ path: Range<Int>) -> Bool {
        guard path.count > 1 else { return false }
        switch bytes[octet: path.lowerBound + 1] {
        case UInt8(ascii: "o"), UInt8(ascii: "O"), UInt8(ascii: "/"), UInt8(ascii: ";"): return true
        default: return false
        }
    }

    private static func compare(_ bytes: RawSpan, _ path: Range<Int>) throws(HeadError) -> TargetPath {
        if try isAtOrBelow("/.lakegate", bytes, path) { return .lakegate }
        if try isAtOrBelow("/oidc", bytes, path) { return .lakegate }
        if try isAtOrBelow("/.well-known/databricks-config", bytes, path) { return .lakegate }
        if try isAtOrBelow("/.well-known/oauth-authorization-server", bytes, path) { return .lakegate }
        return .workspace
    }

    private static func isAtOrBelow(
        _ name: StaticString, _ bytes: RawSpan, _ path: Range<Int>
    ) throws(HeadError) -> Bool {
        guard try decodes(to: name, bytes, path) else { return false }
        let end = path.lowerBound + name.utf8CodeUnitCount
        guard end <= path.upperBound, bytes.starts(with: name, at: path.lowerBound, folding: 0),
            end == path.upperBound || bytes[octet: end] == UInt8(ascii: "/")
        else { throw .pathDisguised }
        return true
    }

    /// Whether the most lenient server would read the path as this name or one below it.
    private static func decodes(
        to name: StaticString, _ bytes: RawSpan, _ path: Range<Int>
    ) throws(HeadError) -> Bool {
        var comparison = SegmentComparison(name)
        var octets = DecodedOctets(path)
        while let octet = try octets.next(in: bytes) {
            if let result = comparison.take(octet) { return result }
        }
        return comparison.finish()
    }
}

/// Follows a path as the most lenient server would read it, one decoded octet at a time.
private struct SegmentWalk {
    /// The first octet of the first segment that is not empty, in lower case.
    private(set) var first: UInt8 = 0
    private var length = 0
    private var isDots = true
    private var inParameters = false

    mutating func take(_ octet: UInt8) throws(HeadError) {
        switch octet {
        case UInt8(ascii: "/"), UInt8(ascii: "\\"): try endSegment()
        case UInt8(ascii: ";"): inParameters = true
        default:
            guard !inParameters else { return }
            if first == 0 { first = octet.lowercased }
            isDots = isDots && octet == UInt8(ascii: ".")
            length += 1
        }
    }

    mutating func endSegment() throws(HeadError) {
        if isDots, length == 1 || length == 2 { throw .pathDotSegment }
        length = 0
        isDots = true
        inParameters = false
    }
}
