/// What the beginning of a Databricks error body tells, without the rest of it: a JSON document cut anywhere.
struct ErrorBodyPrefix {
    enum Code: Equatable {
        case number
        case name(String)
    }

    private(set) var code: Code?
    private(set) var message: String?
    private(set) var isObject = false

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        skipSpace()
        guard next() == UInt8(ascii: "{") else { return }
        isObject = true
        readMembers()
    }

    private mutating func readMembers() {
        while true {
            skipSpace()
            guard next() == UInt8(ascii: "\""), let name = readString() else { return }
            skipSpace()
            guard next() == UInt8(ascii: ":") else { return }
            skipSpace()
            readValue(of: name)
            skipSpace()
            guard next() == UInt8(ascii: ",") else { return }
        }
    }

    private mutating func readValue(of name: String) {
        guard peek() == UInt8(ascii: "\"") else {
            if name == "error_code", let byte = peek(), isDigit(byte) { code = .number }
            return skipValue()
        }
        position += 1
        guard let text = readString() else { return }
        if name == "error_code" { code = !text.isEmpty && text.utf8.allSatisfy(isDigit) ? .number : .name(text) }
        if name == "message" { message = text }
    }

    /// Reads past the closing quote. Escapes are kept as they are written: no name or phrase looked for has one.
    private mutating func readString() -> String? {
        let start = position
        while let byte = next() {
            if byte == UInt8(ascii: "\\") { position += 1 }
            if byte == UInt8(ascii: "\"") { return String(decoding: bytes[start..<(position - 1)], as: UTF8.self) }
        }
        return nil
    }

    /// Reads up to the comma or bracket that ends a number, word, object or list.
    private mutating func skipValue() {
        var depth = 0
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                if readString() == nil { return }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return
            default: break
            }
            position += 1
        }
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func next() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte <= 0x20 { position += 1 }
    }
}
