import NIOCore

/// One TLS connection on a NIO channel, either side: the only handler of its pipeline.
public final class TLSConnection {
    public let eventLoop: any EventLoop

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Encrypts bytes behind what was written before. Nothing reaches the socket before ``flush()``.
    public func write(_ bytes: RawSpan) {}

    /// Hands everything written to the socket, in one write where possible. The application may be told of a closed
    /// connection inside this call.
    public func flush() {}

    /// Flushes, says close_notify and closes the socket once that is out.
    public func close() {}

    /// Closes the socket at once.
    public func abort() {}

    /// Stops reading from the socket; at most what was already read is still delivered.
    public func pauseReading() {}
    public func resumeReading() {}

    /// Whether the socket takes more. `false` from a high watermark of pending bytes until they are below the low one.
    public var isWritable: Bool { true }

    /// Whether the connection is closed or closing.
    public var isClosed: Bool { false }
}
