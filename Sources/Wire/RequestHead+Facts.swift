extension RequestHead {
    /// All fields in order, names in lower case; for the few requests that leave the fast path.
    public func list(from bytes: RawSpan) -> [(name: String, value: String)] {
        fields.lines.map { line in
            (bytes.extracting(line.name).text.lowercased(), bytes.extracting(line.value.range).text)
        }
    }
}

extension RequestHead {
    /// Where the values of a field stand, its name given in lower case.
    public func values(named name: StaticString, in bytes: RawSpan) -> [Range<Int>] {
        fields.lines.filter { bytes.equalsFolded(name, at: $0.name) }.map(\.value.range)
    }
}

extension HTTPMethod {
    /// Sending the request twice does no more than sending it once (RFC 9110, section 9.2.2).
    public var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options: true
        case .post, .patch, .other: false
        }
    }
}

extension RawSpan {
    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    public var text: String {
        withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether the text stands at the beginning.
    public func starts(with text: StaticString) -> Bool {
        starts(with: text, at: 0, folding: 0)
    }

    /// Whether the text, given in lower case, stands at the beginning, letters compared without case.
    public func startsFolded(with text: StaticString) -> Bool {
        starts(with: text, at: 0, folding: 0x20)
    }

    /// Whether the text, given in lower case, occurs anywhere, letters compared without case.
    public func containsFolded(_ text: StaticString) -> Bool {
        guard byteCount >= text.utf8CodeUnitCount else { return false }
        return (0...byteCount - text.utf8CodeUnitCount).contains { starts(with: text, at: $0, folding: 0x20) }
    }
}
