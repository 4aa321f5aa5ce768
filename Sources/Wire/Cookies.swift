/// What looking for a cookie found.
public enum CookieLookup: Equatable, Sendable {
    case none
    /// The value as sent, without quotes being removed.
    case one(Slice)
    /// More than one cookie of that name: somebody planted one, so none is to be believed.
    case several
}

/// The pairs of one Cookie field (RFC 6265, section 4.2), split at every semicolon and trimmed.
struct CookiePairs {
    private var position: Int
    private let end: Int

    init(_ value: Slice) {
        position = value.range.lowerBound
        end = value.range.upperBound
    }

    /// The next pair, without the blanks around it; empty ones are skipped.
    mutating func next(_ bytes: RawSpan) -> Range<Int>? {
        while position < end {
            let start = position
            while position < end, bytes[octet: position] != UInt8(ascii: ";") { position += 1 }
            let pair = bytes.trimmed(start, position)
            position += 1
            if !pair.isEmpty { return pair }
        }
        return nil
    }
}

extension RequestHead {
    /// Looks for a cookie in all Cookie fields; the name is compared with case.
    public func cookie(named name: StaticString, in bytes: RawSpan) -> CookieLookup {
        guard fields.has(.cookie) else { return .none }
        var found = CookieLookup.none
        for index in fields.lines.indices where fields.lines[index].kind == .cookie {
            var pairs = CookiePairs(fields.lines[index].value)
            while let pair = pairs.next(bytes) {
                guard let value = Self.value(of: pair, named: name, bytes) else { continue }
                guard found == .none else { return .several }
                found = .one(Slice(value.lowerBound, value.upperBound))
            }
        }
        return found
    }

    private static func value(of pair: Range<Int>, named name: StaticString, _ bytes: RawSpan) -> Range<Int>? {
        let nameEnd = pair.lowerBound + name.utf8CodeUnitCount
        guard nameEnd < pair.upperBound, bytes.starts(with: name, at: pair.lowerBound, folding: 0) else { return nil }
        // Blanks around the sign are not in the grammar, but servers cut them off.
        var position = nameEnd
        while position < pair.upperBound, bytes[octet: position].isBlank { position += 1 }
        guard position < pair.upperBound, bytes[octet: position] == UInt8(ascii: "=") else { return nil }
        return bytes.trimmed(position + 1, pair.upperBound)
    }
}

extension RawSpan {
    /// Whether a range starts with a prefix, letters compared without case as browsers do for `__Host-`.
    func hasPrefix(_ prefix: [UInt8], at range: Range<Int>) -> Bool {
        guard range.count >= prefix.count else { return false }
        for index in prefix.indices
        where self[octet: range.lowerBound + index].lowercased != prefix[index].lowercased {
            return false
        }
        return true
    }
}
