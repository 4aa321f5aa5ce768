/// The name of a trailer field while it comes in; as much of it as is needed to know framing fields.
struct TrailerName: Sendable {
    private var octets = InlineArray<18, UInt8>(repeating: 0)
    private var count = 0

    mutating func append(_ octet: UInt8) {
        if count < octets.count { octets[count] = octet }
        count += 1
    }

    /// Content-Length, Transfer-Encoding or Connection: whoever merged it into the head would read another message.
    var isFraming: Bool {
        guard count < octets.count else { return false }
        switch FieldKind.named(octets.span.bytes, 0..<count, isPlain: true) {
        case .contentLength, .transferEncoding, .connection, .upgrade: return true
        default: return false
        }
    }
}
