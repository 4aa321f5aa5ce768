/// What one side of a connection allows the other, and what it puts up with.
public struct HTTP2Settings: Sendable {
    /// Streams that the peer may have open at once.
    public var concurrentStreams = 128
    /// Bytes of a body that the peer may send on one stream before they are consumed.
    public var streamWindow = 262_144
    /// The same for all streams together, given back as bytes arrive: one slow stream must not hold up the others.
    public var connectionWindow = 4_194_304
    /// Payload of the largest frame the peer may send, bytes.
    public var frameSize = 65_536
    /// Names and values of one header block, with 32 bytes for each field (RFC 9113, section 6.5.2).
    public var headerBytes = 65_536
    /// Fields of one header block.
    public var headerFields = 128
    /// Frames in a row that bring nothing forward, before the peer is taken for an attacker.
    public var idleFrames = 1_000
    /// Streams that the peer may force us to reset, beyond one for each that ended well.
    public var forcedResets = 100

    public init() {}
}
