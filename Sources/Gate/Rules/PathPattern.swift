/// A path, or with `*` at its end the beginning of one, compared as the most lenient server would read it: encoded octets
/// decoded, `\` as `/`, several slashes as one, parameters behind `;` and a slash at the end left out.
///
/// Dot segments never come this far (`TargetPath` refuses them).
public struct PathPattern: Sendable, Equatable {
    private let text: [UInt8]
    private let isPrefix: Bool

    public init(_ pattern: String) {
        isPrefix = pattern.hasSuffix("*")
        var text = Array(pattern.utf8)
        if isPrefix { text.removeLast() }
        if !isPrefix, text.count > 1, text.last == UInt8(ascii: "/") { text.removeLast() }
        self.text = text
    }

    public func matches(_ bytes: RawSpan, _ path: Range<Int>) -> Bool {
        var walk = LenientPath(position: path.lowerBound, end: path.upperBound)
        for expected in text {
            guard walk.next(bytes) == expected else { return false }
        }
        return isPrefix || walk.next(bytes) == nil
    }
}

/// The octets of a path as a lenient server reads them.
struct LenientPath {
    private var position: Int
    private let end: Int
    private var wasSlash = false
    private var isFirst = true

    init(position: Int, end: Int) {
        self.position = position
        self.end = end
    }

    mutating func next(_ bytes: RawSpan) -> UInt8? {
        while let (octet, after) = octet(bytes, at: position) {
            if octet == UInt8(ascii: ";") {
                skipParameters(bytes)
                continue
            }
            position = after
            let isSlash = octet == UInt8(ascii: "/")
            if isSlash, wasSlash || !isFirst && isAtEnd(bytes) { continue }
            (wasSlash, isFirst) = (isSlash, false)
            return octet
        }
        return nil
    }

    private mutating func skipParameters(_ bytes: RawSpan) {
        while let (octet, after) = octet(bytes, at: position), octet != UInt8(ascii: "/") { position = after }
    }

    /// Whether nothing but slashes and parameters follows; the path `/` is no end.
    private func isAtEnd(_ bytes: RawSpan) -> Bool {
        var rest = position
        var inParameters = false
        while let (octet, after) = octet(bytes, at: rest) {
            if octet == UInt8(ascii: ";") { inParameters = true }
            if octet == UInt8(ascii: "/") { inParameters = false }
            guard inParameters || octet == UInt8(ascii: "/") else { return false }
            rest = after
        }
        return true
    }

    /// One decoded octet, `\` as `/`, and where the next begins.
    private func octet(_ bytes: RawSpan, at place: Int) -> (UInt8, Int)? {
        guard place < end else { return nil }
        var (octet, after) = (bytes[byte: place], place + 1)
        if octet == UInt8(ascii: "%"), place + 2 < end,
            let high = hexDigit(bytes[byte: place + 1]), let low = hexDigit(bytes[byte: place + 2])
        {
            (octet, after) = (high << 4 | low, place + 3)
        }
        return (octet == UInt8(ascii: "\\") ? UInt8(ascii: "/") : octet, after)
    }

    private func hexDigit(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
