/// Bytes of a body on their way out, and how they end.
struct Outbox {
    /// Nothing is added any more.
    var hasEnded = false
    private var bytes: [UInt8] = []
    private var offset = 0

    var count: Int { bytes.count - offset }

    mutating func append(_ piece: RawSpan) {
        if offset > 0, offset == bytes.count { clear() }
        piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// Moves the first bytes to another place.
    mutating func move(_ count: Int, to out: inout [UInt8]) {
        let next = min(offset + count, bytes.count)
        out.append(contentsOf: bytes[offset..<next])
        offset = next
        if offset == bytes.count { clear() } else if offset > Outbox.slack { compact() }
    }

    /// A stream that is idle holds nothing large.
    private mutating func clear() {
        offset = 0
        if bytes.capacity > Outbox.slack { bytes = [] } else { bytes.removeAll(keepingCapacity: true) }
    }

    private mutating func compact() {
        bytes.removeFirst(offset)
        offset = 0
    }

    private static let slack = 131_072
}
