/// Names and values of a query or of an `application/x-www-form-urlencoded` body, in order.
struct FormFields: Sendable, Equatable {
    var pairs: [(name: String, value: String)]

    init(_ pairs: [(name: String, value: String)]) {
        self.pairs = pairs
    }

    init(encoded: some StringProtocol) {
        pairs = encoded.utf8.split(separator: UInt8(ascii: "&")).map { pair in
            let halves = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count > 1 ? FormFields.decoded(Array(halves[1])) : ""
            return (FormFields.decoded(Array(halves[0])), value)
        }
    }

    subscript(name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// The first name that comes more than once, which OAuth forbids (RFC 6749, section 3.1).
    var repeatedName: String? {
        var seen: Set<String> = []
        return pairs.first { !seen.insert($0.name).inserted }?.name
    }

    var encoded: String {
        pairs.map { "\(FormFields.encoded($0.name))=\(FormFields.encoded($0.value))" }.joined(separator: "&")
    }

    static func == (left: FormFields, right: FormFields) -> Bool {
        left.encoded == right.encoded
    }

    /// Percent-encodes all but unreserved characters.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            isUnreserved(byte) ? String(UnicodeScalar(byte)) : "%" + hexadecimal([byte]).uppercased()
        }.joined()
    }

    /// Undoes percent-encoding and `+`; a broken escape stays as it is.
    static func decoded(_ text: [UInt8], plusIsSpace: Bool = true) -> String {
        var bytes: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "%"), let byte = escape(in: text, at: index) {
                bytes.append(byte)
                index += 3
                continue
            }
            bytes.append(plusIsSpace && text[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : text[index])
            index += 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escape(in text: [UInt8], at index: Int) -> UInt8? {
        guard index + 2 < text.count else { return nil }
        return UInt8(String(decoding: text[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
    }
}

/// RFC 3986, section 2.3.
func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
        true
    default:
        false
    }
}
