/// Compares a path with a name such as `/.lakegate`, as the most lenient server would: without regard to case, empty
/// segments and `;parameters`, and with a backslash as good as a slash. Takes decoded octets one at a time.
struct SegmentComparison {
    private let name: StaticString
    /// How much of the name was met; its segments each begin with a slash.
    private var matched = 0
    private var segmentIsEmpty = true
    private var inParameters = false

    init(_ name: StaticString) {
        self.name = name
    }

    /// The answer, as soon as there is one.
    mutating func take(_ octet: UInt8) -> Bool? {
        switch octet {
        case UInt8(ascii: "/"), UInt8(ascii: "\\"): return endSegment()
        case UInt8(ascii: ";"):
            inParameters = true
            return nil
        default: return inParameters ? nil : compare(octet)
        }
    }

    mutating func finish() -> Bool {
        endSegment() ?? false
    }

    private mutating func compare(_ octet: UInt8) -> Bool? {
        if segmentIsEmpty {
            guard next == UInt8(ascii: "/") else { return false }
            matched += 1
            segmentIsEmpty = false
        }
        guard next == octet.lowercased else { return false }
        matched += 1
        return nil
    }

    /// `true` if the name is complete, `false` if the segment is shorter than the name's.
    private mutating func endSegment() -> Bool? {
        inParameters = false
        guard !segmentIsEmpty else { return nil }
        segmentIsEmpty = true
        guard let next else { return true }
        return next == UInt8(ascii: "/") ? nil : false
    }

    /// The octet of the name that has to come; `nil` behind its end.
    private var next: UInt8? {
        // The pointer is to a literal of that many bytes.
        matched < name.utf8CodeUnitCount ? name.utf8Start[matched] : nil
    }
}
