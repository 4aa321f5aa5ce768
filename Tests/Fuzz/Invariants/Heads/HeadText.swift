/// A head taken apart in the simplest way there is, to check what the real code wrote.
struct HeadText {
    var first: [UInt8] = []
    var fields: [(name: String, value: [UInt8])] = []

    /// `nil` if this is not lines that end with CR LF and an empty one at the very end.
    init?(_ bytes: [UInt8]) {
        var lines: [[UInt8]] = [[]]
        var index = 0
        while index < bytes.count {
            if bytes[index] == 13 {
                guard index + 1 < bytes.count, bytes[index + 1] == 10 else { return nil }
                lines.append([])
                index += 2
                continue
            }
            guard bytes[index] >= 32 || bytes[index] == 9 else { return nil }
            lines[lines.count - 1].append(bytes[index])
            index += 1
        }
        guard lines.count >= 3, lines[lines.count - 1].isEmpty, lines[lines.count - 2].isEmpty else { return nil }
        first = lines[0]
        for line in lines[1..<lines.count - 2] {
            guard let colon = line.firstIndex(of: 58), colon > 0 else { return nil }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            fields.append((name, Self.trim(line[(colon + 1)...])))
        }
    }

    func values(_ name: String) -> [[UInt8]] { fields.filter { $0.name == name }.map(\.value) }

    /// A name as a server reads it that takes every punctuation for a hyphen.
    static func normalised(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    }

    private static func trim(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var bytes = bytes
        while let last = bytes.last, last == 32 || last == 9 { bytes.removeLast() }
        while let first = bytes.first, first == 32 || first == 9 { bytes.removeFirst() }
        return Array(bytes)
    }
}
