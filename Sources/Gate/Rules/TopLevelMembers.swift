/// Members of a JSON object at its top level (RFC 8259), found without reading the rest of it into memory.
///
/// Not Foundation's decoder: that takes the last or the first of two members with one name, and which of them the workspace
/// takes nobody knows. Here two are unclear, as is everything that is not plain JSON as far as it was read.
enum TopLevelMembers {
    /// In the order of `names`: the place of the value (a string without its quotes, or a number), nothing, or unclear.
    static func find(_ names: [[UInt8]], in body: RawSpan) -> [Named] {
        var scan = Scan()
        let isWhole = scan.run(names, body)
        return names.indices.map { isWhole ? scan.found[$0] : .unclear }
    }

    private struct Scan {
        var position = 0
        var found: [Named] = []

        /// An empty body names nothing.
        mutating func run(_ names: [[UInt8]], _ bytes: RawSpan) -> Bool {
            found = names.map { _ in .nothing }
            skipBlanks(bytes)
            if position == bytes.byteCount { return true }
            guard take(UInt8(ascii: "{"), bytes) else { return false }
            skipBlanks(bytes)
            if take(UInt8(ascii: "}"), bytes) { return isAtEnd(bytes) }
            repeat {
                guard member(names, bytes) else { return false }
                skipBlanks(bytes)
            } while take(UInt8(ascii: ","), bytes)
            return take(UInt8(ascii: "}"), bytes) && isAtEnd(bytes)
        }

        private mutating func member(_ names: [[UInt8]], _ bytes: RawSpan) -> Bool {
            skipBlanks(bytes)
            guard let name = string(bytes) else { return false }
            skipBlanks(bytes)
            guard take(UInt8(ascii: ":"), bytes) else { return false }
            skipBlanks(bytes)
            // An escape could spell any name.
            let isPlain = !name.contains { bytes[byte: $0] == UInt8(ascii: "\\") }
            guard isPlain, let index = names.firstIndex(where: { couldMean(bytes, name, $0) }) else {
                return isPlain && skipValue(bytes)
            }
            let found = plainValue(bytes)
            let value = found == .nothing || equal(bytes, name, names[index]) ? found : .unclear
            self.found[index] = self.found[index] == .nothing ? value : .unclear
            return value != .nothing
        }

        private mutating func plainValue(_ bytes: RawSpan) -> Named {
            if position < bytes.byteCount, bytes[byte: position] == UInt8(ascii: "\"") {
                guard let text = string(bytes) else { return .nothing }
                return text.contains { bytes[byte: $0] == UInt8(ascii: "\\") } ? .unclear : .inBody(text)
            }
            let start = position
            guard skipValue(bytes) else { return .nothing }
            let isNumber = position > start && (start..<position).allSatisfy { bytes[byte: $0].isDigit }
            return isNumber ? .inBody(start..<position) : .unclear
        }

        /// The range between the quotes.
        private mutating func string(_ bytes: RawSpan) -> Range<Int>? {
            guard take(UInt8(ascii: "\""), bytes) else { return nil }
            let start = position
            while position < bytes.byteCount {
                switch bytes[byte: position] {
                case UInt8(ascii: "\""):
                    position += 1
                    return start..<position - 1
                case UInt8(ascii: "\\"): position += 2
                default: position += 1
                }
            }
            return nil
        }

        /// Any value, nested or not; what is inside is not judged.
        private mutating func skipValue(_ bytes: RawSpan) -> Bool {
            var depth = 0
            while position < bytes.byteCount {
                switch bytes[byte: position] {
                case UInt8(ascii: "\""):
                    guard string(bytes) != nil else { return false }
                    if depth == 0 { return true }
                    continue
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if depth == 0 { return true }
                    depth -= 1
                    if depth == 0 {
                        position += 1
                        return true
                    }
                case UInt8(ascii: ",") where depth == 0: return true
                case let octet where octet.isBlank && depth == 0: return true
                default: break
                }
                position += 1
            }
            return false
        }

        private mutating func skipBlanks(_ bytes: RawSpan) {
            while position < bytes.byteCount, bytes[byte: position].isBlank { position += 1 }
        }

        private mutating func isAtEnd(_ bytes: RawSpan) -> Bool {
            skipBlanks(bytes)
            return position == bytes.byteCount
        }

        private mutating func take(_ octet: UInt8, _ bytes: RawSpan) -> Bool {
            guard position < bytes.byteCount, bytes[byte: position] == octet else { return false }
            position += 1
            return true
        }
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
    fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}
