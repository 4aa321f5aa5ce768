/// Byte strings put one after another, each behind its length, so that no two lists of parts give the same bytes.
struct LengthFramed {
    private(set) var bytes: [UInt8] = []

    init(_ parts: [UInt8]...) {
        for part in parts {
            append(part)
        }
    }

    private mutating func append(_ part: [UInt8]) {
        bytes.append(contentsOf: bigEndian(UInt32(clamping: part.count)))
        bytes.append(contentsOf: part)
    }
}

/// The bytes of a number, most significant first.
func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
}
