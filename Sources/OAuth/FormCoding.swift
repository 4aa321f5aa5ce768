/// Named values as forms and queries carry them (`application/x-www-form-urlencoded`; RFC 6749, appendix B).
public enum FormCoding {
    /// One name and its value, decoded.
    public struct Field: Sendable, Equatable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Spaces become `%20`, which readers of forms and of queries both understand.
    public static func encode(_ fields: [Field]) -> String {
        fields.map { "\(PercentCoding.encode($0.name))=\(PercentCoding.encode($0.value))" }.joined(separator: "&")
    }

    /// The fields in order, or `nil` when the encoding is broken, is not UTF-8, or there are more than `limit`.
    public static func decode(_ text: some Collection<UInt8>, limit: Int = 64) -> [Field]? {
        var fields: [Field] = []
        for part in text.split(separator: UInt8(ascii: "&")) {
            guard fields.count < limit else { return nil }
            let equals = part.firstIndex(of: UInt8(ascii: "="))
            let value = equals.map { part[part.index(after: $0)...] } ?? part[part.endIndex...]
            guard let name = plain(part[..<(equals ?? part.endIndex)]), let value = plain(value) else { return nil }
            fields.append(Field(name, value))
        }
        return fields
    }

    public static func decode(_ text: String, limit: Int = 64) -> [Field]? {
        decode(text.utf8, limit: limit)
    }

    private static func plain(_ encoded: some Sequence<UInt8>) -> String? {
        let spaced = encoded.lazy.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        return PercentCoding.decode(spaced).flatMap { String(validating: $0, as: UTF8.self) }
    }
}

extension [FormCoding.Field] {
    /// The value of the field called `name`; `nil` when there is none, or more than one.
    public func only(_ name: String) -> String? {
        let named = filter { $0.name == name }
        return named.count == 1 ? named[0].value : nil
    }
}
