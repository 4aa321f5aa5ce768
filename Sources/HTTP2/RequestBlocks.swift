/// The header blocks of requests that nghttp2 has in its queue, in the order in which it will send them.
struct RequestBlocks {
    private var bytes: [UInt8] = []
    private var entries: [(id: Int32, end: Int)] = []
    private var next = 0

    mutating func append(_ fields: borrowing HTTP2Fields, for id: Int32) {
        LiteralBlock.append(fields, to: &bytes)
        entries.append((id, bytes.count))
    }

    /// Hands over the block of a stream whose turn has come. Those before it belong to streams that nghttp2 has given up.
    mutating func take(_ id: Int32, _ use: (RawSpan) -> Void) -> Bool {
        guard let place = entries[next...].firstIndex(where: { $0.id == id }) else { return false }
        let start = place > 0 ? entries[place - 1].end : 0
        use(bytes.span.bytes.extracting(start..<entries[place].end))
        next = place + 1
        if next == entries.count { clear() }
        return true
    }

    private mutating func clear() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= RequestBlocks.slack)
        entries.removeAll(keepingCapacity: true)
        next = 0
    }

    private static let slack = 65_536
}
