/// How large a head may be before it is refused.
public struct HeadLimits: Sendable {
    /// Bytes of the whole head, from its first byte to the empty line (431).
    public var bytes = 65_536
    /// Field lines (431).
    public var fields = 128
    /// Bytes of the request target (414).
    public var target = 16_384

    public init(bytes: Int = 65_536, fields: Int = 128, target: Int = 16_384) {
        self.bytes = bytes
        self.fields = fields
        self.target = target
    }

    /// No setting allows more than this, so that offsets fit a ``Slice``.
    static let ceiling = 1 << 24
}

/// How far the bytes at hand go.
public enum HeadProgress: Equatable, Sendable {
    /// Nothing wrong so far; read on and parse the longer span.
    case incomplete
    /// The head is understood; `length` bytes belong to it, the final CRLF included.
    case complete(length: Int)
    /// These bytes can never become a head that is accepted.
    case invalid(HeadError)
}

/// Why reading stops before the end of a head.
enum Stop: Error {
    case incomplete
    case invalid(HeadError)
}
