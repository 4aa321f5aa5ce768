import CNghttp2

/// One stream of a session. Calls after its end, or the session's, do nothing.
public final class HTTP2Stream {
    public internal(set) var id: Int32
    public var handler: (any HTTP2StreamHandler)?
    /// `nil` once the stream is over.
    var session: HTTP2Session?
    var outbox = Outbox()
    /// nghttp2 asked for more than there was, and waits to be told.
    var isDeferred = false
    var isHeadSent = false
    /// What follows the body.
    var trailers: HTTP2Fields?
    private var isFull = false

    init(id: Int32, session: HTTP2Session) {
        self.id = id
        self.session = session
    }

    /// Bytes that were sent and have not gone out.
    public var outboxCount: Int { outbox.count }

    /// Whether more may be sent; a few pieces more do no harm.
    public var isWritable: Bool { outbox.count < HTTP2Stream.mark }

    /// Whether the end of our side has gone out, behind all that was sent.
    public var outputHasEnded: Bool { session?.outputHasEnded(self) ?? true }

    /// The final head of an answer.
    public func submitHead(_ fields: borrowing HTTP2Fields, endsStream: Bool) {
        session?.submitHead(fields, on: self, endsStream: endsStream)
    }

    /// An interim head (1xx).
    public func submitInterim(_ fields: borrowing HTTP2Fields) {
        session?.submitInterim(fields, on: self)
    }

    public func send(_ bytes: RawSpan) {
        guard session != nil, bytes.byteCount > 0 else { return }
        outbox.append(bytes)
        isFull = isFull || !isWritable
        resume()
    }

    /// Ends our side behind what was sent.
    public func end() {
        guard session != nil else { return }
        outbox.hasEnded = true
        resume()
    }

    /// The same, with trailers.
    public func end(trailers: borrowing HTTP2Fields) {
        guard session != nil, !outbox.hasEnded else { return }
        self.trailers = trailers.copy()
        outbox.hasEnded = true
        resume()
    }

    public func reset(_ code: HTTP2ErrorCode) {
        session?.reset(self, code)
    }

    /// Lets the peer send so many bytes of the body more.
    public func consumed(_ count: Int) {
        session?.consumed(count, on: self)
    }

    func withTrailers(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> Int32) -> Int32 {
        trailers?.withVector(body) ?? 0
    }

    /// Tells the handler that there is room again, if there was none.
    func wentOut() {
        guard isFull, outbox.count < HTTP2Stream.mark / 2 else { return }
        isFull = false
        handler?.writabilityChanged(self)
    }

    private func resume() {
        guard isDeferred, let session else { return }
        isDeferred = false
        session.resume(self)
    }

    private static let mark = 65_536
}
