/// The fields of one header block that was received: a head, interim or final, or trailers.
public struct FieldBlock {
    private struct Field {
        var name: UInt32
        var value: UInt32
        var end: UInt32
    }

    private var bytes: [UInt8] = []
    private var fields: [Field] = []
    /// As RFC 9113, section 6.5.2 counts.
    private var size = 0
    private var count = 0
    /// Beyond the limits: what came after that is not in it.
    public var isTooLarge: Bool { hasTooManyBytes || hasTooManyFields }
    public private(set) var hasTooManyBytes = false
    public private(set) var hasTooManyFields = false

    public init() {}

    /// Tells name and value of each field in their order, pseudo fields first. Names are in lower case.
    public func forEach(_ tell: (_ name: RawSpan, _ value: RawSpan) -> Void) {
        let all = bytes.span.bytes
        for field in fields {
            tell(
                all.extracting(Int(field.name)..<Int(field.value)), all.extracting(Int(field.value)..<Int(field.end)))
        }
    }

    mutating func begin() {
        bytes.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        size = 0
        count = 0
        hasTooManyBytes = false
        hasTooManyFields = false
    }

    /// `false` when it is too much even to be read and dropped.
    mutating func add(_ name: RawSpan, _ value: RawSpan, _ settings: HTTP2Settings) -> Bool {
        size += name.byteCount + value.byteCount + 32
        count += 1
        hasTooManyBytes = size > settings.headerBytes
        hasTooManyFields = count > settings.headerFields
        if !isTooLarge { append(name, value) }
        return size <= FieldBlock.excess * settings.headerBytes && count <= FieldBlock.excess * settings.headerFields
    }

    private mutating func append(_ name: RawSpan, _ value: RawSpan) {
        let start = bytes.count
        name.withUnsafeBytes { bytes.append(contentsOf: $0) }
        let middle = bytes.count
        value.withUnsafeBytes { bytes.append(contentsOf: $0) }
        fields.append(Field(name: UInt32(start), value: UInt32(middle), end: UInt32(bytes.count)))
    }

    /// A block this many times too large ends the connection; a smaller one its stream.
    private static let excess = 4
}
