/// One field line of a head, as offsets into its bytes.
struct FieldLine: Sendable {
    /// First byte of the name, which is the first of the line.
    var start: UInt32
    var nameCount: UInt32
    /// Without the blanks around it.
    var value: Slice
    /// First byte after the line's CR LF.
    var end: UInt32
    var kind: FieldKind
    /// Named in Connection, so it ends here.
    var isNominated = false

    var name: Range<Int> { Int(start)..<Int(start) + Int(nameCount) }

    /// Whether spaces before it are all that surrounds the value. Parsers disagree about other blanks, so framing
    /// fields must not have any.
    func isSnug(_ bytes: RawSpan) -> Bool {
        for position in name.upperBound + 1..<value.range.lowerBound where bytes[octet: position] != .space {
            return false
        }
        return value.range.upperBound == Int(end) - 2
    }

    /// Reads one line that starts at `position` and moves behind it.
    @inline(__always)
    static func read(_ bytes: RawSpan, at position: inout Int) throws(Stop) -> FieldLine {
        let start = position
        let (colon, isPlain) = try nameEnd(bytes, from: start)
        let lineEnd = try bytes.endOfLine(from: colon + 1)
        let value = bytes.trimmed(colon + 1, lineEnd)
        position = lineEnd + 2
        return FieldLine(
            start: UInt32(truncatingIfNeeded: start),
            nameCount: UInt32(truncatingIfNeeded: colon - start),
            value: Slice(value.lowerBound, value.upperBound),
            end: UInt32(truncatingIfNeeded: position),
            kind: .named(bytes, start..<colon, isPlain: isPlain)
        )
    }

    /// Where the colon is, and whether the name consists of letters, digits and hyphens only.
    @inline(__always)
    private static func nameEnd(_ bytes: RawSpan, from start: Int) throws(Stop) -> (colon: Int, isPlain: Bool) {
        var position = start
        var isPlain = true
        while true {
            let octet = try bytes.arrived(at: position)
            if !OctetSet.plainName.contains(octet) {
                if octet == UInt8(ascii: ":") { break }
                guard OctetSet.token.contains(octet) else { throw nameFault(octet, isFirst: position == start) }
                isPlain = false
            }
            position += 1
        }
        guard position > start else { throw .invalid(.nameEmpty) }
        return (position, isPlain)
    }

    private static func nameFault(_ octet: UInt8, isFirst: Bool) -> Stop {
        switch octet {
        case .space, .tab: .invalid(isFirst ? .lineFolded : .spaceBeforeColon)
        case .lineFeed where isFirst: .invalid(.bareLF)
        case .carriageReturn, .lineFeed: .invalid(.colonMissing)
        default: .invalid(.nameInvalid)
        }
    }
}
