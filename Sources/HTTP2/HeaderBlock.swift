/// How large the header block is that is being received. Blocks of one connection come one after the other.
struct HeaderBlock {
    private var bytes = 0
    private var fields = 0
    private(set) var isTooLarge = false

    mutating func begin() {
        self = HeaderBlock()
    }

    /// Counts a field as RFC 9113, section 6.5.2 does. `false` when it is too much even to be read and dropped.
    mutating func add(_ count: Int, _ settings: HTTP2Settings) -> Bool {
        bytes += count + 32
        fields += 1
        isTooLarge = bytes > settings.headerBytes || fields > settings.headerFields
        return bytes <= HeaderBlock.excess * settings.headerBytes
            && fields <= HeaderBlock.excess * settings.headerFields
    }

    /// A block this many times too large ends the connection; a smaller one its stream.
    private static let excess = 4
}
