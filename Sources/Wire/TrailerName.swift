/// The name of a trailer field while it comes in; as much of it as is needed to know framing fields.
struct TrailerName: Sendable {
    private var octets = InlineArray<18, UInt8>(repeating: 0)
    private var count = 0

    mutating func append(_ octet: UInt8) {
        if count < octets.count { octets[count] = octet }
        count += 1
    }

    /// Content-Length, Transfer-Encoding, Connection or Upgrade: whoever merged it into the head would read another message.
    var isFraming: Bool {
        guard count < octets.count else { return false }
        let kind = FieldKind.named(octets.span.bytes, 0..<count, isPlain: true)
        return kind == .contentLength || kind == .transferEncoding || kind == .connection || kind == .upgrade
    }
}
