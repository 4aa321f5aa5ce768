import CNghttp2

/// The fields of one header block that is about to be sent. Meant to be reset and reused: its memory is kept.
public struct HTTP2Fields: ~Copyable {
    private struct Field {
        var name: Range<Int>
        var value: Range<Int>
        /// Kept out of the compression's memory, where a stranger's guesses could be measured (RFC 7541, section 7.1).
        var isSecret: Bool

        /// As nghttp2 takes it, where the bytes are at `base`.
        func entry(in base: UnsafeMutablePointer<UInt8>, flag: nghttp2_nv_flag) -> nghttp2_nv {
            nghttp2_nv(
                name: base + name.lowerBound, value: base + value.lowerBound, namelen: name.count,
                valuelen: value.count, flags: UInt8(flag.rawValue))
        }
    }

    private var bytes: [UInt8] = []
    private var fields: [Field] = []

    public init() {}

    public mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
    }

    /// - Parameter name: In lower case.
    public mutating func add(name: StaticString, value: RawSpan) {
        let start = bytes.count
        // The pointer covers exactly the literal.
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        add(nameFrom: start, value)
    }

    /// Capitals of the name become small letters.
    public mutating func add(name: RawSpan, value: RawSpan) {
        let start = bytes.count
        for offset in 0..<name.byteCount {
            let octet = name.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            bytes.append(octet &- 0x41 < 26 ? octet | 0x20 : octet)
        }
        add(nameFrom: start, value)
    }

    public mutating func add(name: StaticString, number: Int) {
        let start = bytes.count
        // The pointer covers exactly the literal.
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        let nameEnd = bytes.count
        appendDecimal(number)
        fields.append(Field(name: start..<nameEnd, value: nameEnd..<bytes.count, isSecret: false))
    }

    private mutating func appendDecimal(_ number: Int) {
        if number >= 10 { appendDecimal(number / 10) }
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }

    private mutating func add(nameFrom start: Int, _ value: RawSpan) {
        let nameEnd = bytes.count
        value.withUnsafeBytes { bytes.append(contentsOf: $0) }
        // nghttp2 keeps Authorization out by itself.
        let isSecret = value.byteCount > Self.longestShared
        fields.append(Field(name: start..<nameEnd, value: nameEnd..<bytes.count, isSecret: isSecret))
    }

    func copy() -> HTTP2Fields {
        var other = HTTP2Fields()
        other.bytes = bytes
        other.fields = fields
        return other
    }

    func forEach(_ tell: (_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Void) {
        for field in fields {
            tell(bytes[field.name], bytes[field.value])
        }
    }

    /// The first field alone, as nghttp2 takes it; kept out of the compression's memory, since it is not sent like this.
    func withMethod<Result>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> Result) -> Result {
        guard let field = fields.first else { return body(nil, 0) }
        return bytes.withUnsafeBufferPointer { bytes in
            guard let base = UnsafeMutablePointer(mutating: bytes.baseAddress) else { return body(nil, 0) }
            var method = field.entry(in: base, flag: NGHTTP2_NV_FLAG_NO_INDEX)
            return body(&method, 1)
        }
    }

    /// The fields as nghttp2 takes them; valid during the call, in which nghttp2 makes copies.
    func withVector<Result>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { bytes in
            // nghttp2 does not write to what it is given, though its types do not say so.
            guard let base = UnsafeMutablePointer(mutating: bytes.baseAddress) else { return body(nil, 0) }
            return withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: fields.count) { vector in
                for (index, field) in fields.enumerated() {
                    let flag = field.isSecret ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE
                    vector.initializeElement(at: index, to: field.entry(in: base, flag: flag))
                }
                return body(vector.baseAddress.map { UnsafePointer($0) }, fields.count)
            }
        }
    }

    /// A longer value would push everything else out of the compression's memory.
    private static let longestShared = 512
}
