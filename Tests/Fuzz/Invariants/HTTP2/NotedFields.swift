/// One header block of HTTP/2, as nghttp2 lets it through.
struct NotedFields {
    var fields: [(name: [UInt8], value: [UInt8])] = []

    func pseudo(_ name: String) -> [UInt8] {
        fields.first { $0.name.elementsEqual(name.utf8) }?.value ?? []
    }

    /// What is no pseudo field, names as text and values without the blanks around them.
    var plain: [(name: String, value: [UInt8])] {
        fields.filter { $0.name.first != UInt8(ascii: ":") }
            .map { (String(decoding: $0.name, as: UTF8.self), trimmed($0.value)) }
    }

    /// Reads lines of `name=value` and leaves out what nghttp2 would: pseudo fields that are late, unknown or there
    /// twice, and names that are no lower-case token.
    init(lines: [UInt8], pseudo known: Set<String>) {
        var known = known
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            guard let sign = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: line[..<sign], as: UTF8.self)
            let isPseudo = known.remove(name) != nil && plain.isEmpty
            guard isPseudo || Self.isToken(line[..<sign]) else { continue }
            fields.append((Array(line[..<sign]), Array(line[(sign + 1)...])))
        }
    }

    init() {}

    private static func isToken(_ name: ArraySlice<UInt8>) -> Bool {
        !name.isEmpty
            && name.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "-_.!+".utf8.contains($0) }
    }
}

func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    let isBlank = { (octet: UInt8) in octet == 32 || octet == 9 }
    guard let end = bytes.lastIndex(where: { !isBlank($0) }) else { return [] }
    return Array(bytes[...end].drop(while: isBlank))
}
