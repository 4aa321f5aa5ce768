/// Whose session it is.
public protocol HTTP2SessionDelegate: AnyObject {
    /// A request begins, on a server; its ``HTTP2Stream/handler`` is set here.
    func streamOpened(_ stream: HTTP2Stream)
    /// The peer opens no more streams, and does nothing with those beyond the last one it names.
    func goAwayReceived()
    func settingsReceived()
    func pingAcknowledged()
}

/// What happens on one stream.
public protocol HTTP2StreamHandler: AnyObject {
    /// A head, interim or final, or trailers. One that is too large is not whole.
    func fields(_ stream: HTTP2Stream, _ block: borrowing FieldBlock, endsStream: Bool)
    /// A piece of the body, to be given back by ``HTTP2Stream/consumed(_:)``.
    func data(_ stream: HTTP2Stream, _ bytes: RawSpan)
    /// The peer sends no more on this stream.
    func inputEnded(_ stream: HTTP2Stream)
    /// What was sent has gone out so far that there is room again.
    func writabilityChanged(_ stream: HTTP2Stream)
    /// The last call.
    ///
    /// - Parameter wasProcessed: Whether the peer may have done something with the request.
    func closed(_ stream: HTTP2Stream, error: HTTP2ErrorCode, wasProcessed: Bool)
}
