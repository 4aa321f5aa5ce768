/// Follows where frames begin and end in one direction of a WebSocket (RFC 6455, section 5.2), without looking into them:
/// a frame of our own fits only between two of theirs.
public struct FrameBoundary: Sendable {
    private var header = InlineArray<10, UInt8>(repeating: 0)
    private var headerCount = 0
    /// Bytes of the frame, mask and payload, that are still to come.
    private var remaining: UInt64 = 0

    public init() {}

    /// Whether the last byte that went by was the last one of a frame, or none did.
    public var isBetweenFrames: Bool { headerCount == 0 && remaining == 0 }

    public mutating func pass(_ bytes: RawSpan) {
        var position = 0
        while position < bytes.byteCount {
            if remaining > 0 {
                let count = min(remaining, UInt64(bytes.byteCount - position))
                remaining -= count
                position += Int(count)
            } else {
                header[headerCount] = bytes[octet: position]
                headerCount += 1
                position += 1
                finishHeader()
            }
        }
    }

    private mutating func finishHeader() {
        guard headerCount >= 2, headerCount == 2 + lengthBytes else { return }
        let mask: UInt64 = header[1] & 0x80 == 0 ? 0 : 4
        // A length beyond all reason is the receiver's to refuse; here it must not wrap around.
        remaining = min(payload, UInt64(Int64.max) - 4) + mask
        headerCount = 0
    }

    /// How many bytes of length follow the first two.
    private var lengthBytes: Int {
        switch header[1] & 0x7F {
        case 126: 2
        case 127: 8
        default: 0
        }
    }

    private var payload: UInt64 {
        guard lengthBytes > 0 else { return UInt64(header[1] & 0x7F) }
        return (2..<2 + lengthBytes).reduce(0) { $0 << 8 | UInt64(header[$1]) }
    }
}
