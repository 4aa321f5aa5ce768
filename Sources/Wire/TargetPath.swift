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
/// - A path that decodes to `/.lakegate` or below, but does not say so literally, is refused.
/// - `%2F`, `//`, `;` and encoded characters are otherwise left alone: names of files and tables contain them.
public enum TargetPath: Sendable {
    /// To be forwarded, if the gate agrees.
    case workspace
    /// `/.lakegate`, or something below it.
    case lakegate

    /// Judges a path as it stands in the request target, without the query.
    public static func judge(_ bytes: RawSpan, _ path: Range<Int>) throws(HeadError) -> TargetPath {
        var walk = SegmentWalk()
        var position = path.lowerBound
        while position < path.upperBound {
            let octet = bytes[octet: position]
            position += 1
            guard octet == UInt8(ascii: "%") else {
                try walk.take(octet)
                continue
            }
            guard position + 2 <= path.upperBound, let high = bytes[octet: position].hexValue,
                let low = bytes[octet: position + 1].hexValue
            else { throw .pathEncodingInvalid }
            position += 2
            try walk.takeEncoded(high << 4 | low)
        }
        try walk.endSegment()
        return try whose(bytes, path, decodesToLakegate: walk.isLakegate)
    }

    private static func whose(
        _ bytes: RawSpan, _ path: Range<Int>, decodesToLakegate: Bool
    ) throws(HeadError) -> TargetPath {
        guard decodesToLakegate else { return .workspace }
        let name: StaticString = "/.lakegate"
        let end = path.lowerBound + name.utf8CodeUnitCount
        guard end <= path.upperBound, bytes.starts(with: name, at: path.lowerBound, folding: 0),
            end == path.upperBound || bytes[octet: end] == UInt8(ascii: "/")
        else { throw .pathDisguised }
        return .lakegate
    }
}

/// Follows a path as the most lenient server would read it, one decoded octet at a time.
private struct SegmentWalk {
    private(set) var isLakegate = false
    private var length = 0
    private var isDots = true
    private var isName = true
    private var inParameters = false
    private var isFirst = true

    mutating func takeEncoded(_ octet: UInt8) throws(HeadError) {
        switch octet {
        case 0: throw .pathEncodedNUL
        case 0xC0, 0xC1: throw .pathEncodingInvalid
        default: try take(octet)
        }
    }

    mutating func take(_ octet: UInt8) throws(HeadError) {
        switch octet {
        case UInt8(ascii: "/"), UInt8(ascii: "\\"): try endSegment()
        case UInt8(ascii: ";"): inParameters = true
        default:
            guard !inParameters else { return }
            isDots = isDots && octet == UInt8(ascii: ".")
            isName = isName && length < Self.name.count && octet.lowercased == Self.name[length]
            length += 1
        }
    }

    mutating func endSegment() throws(HeadError) {
        if isDots, length == 1 || length == 2 { throw .pathDotSegment }
        if length > 0 {
            if isFirst { isLakegate = isName && length == Self.name.count }
            isFirst = false
        }
        length = 0
        isDots = true
        isName = true
        inParameters = false
    }

    private static var name: InlineArray<9, UInt8> { [0x2E, 0x6C, 0x61, 0x6B, 0x65, 0x67, 0x61, 0x74, 0x65] }
}
