import Gate
import NIOCore
import Wire

/// What an exchange asks of the connection or stream that its request came on.
///
/// Nothing reaches the socket inside these calls: what is written goes out when the event that brought it about is over
/// (``EdgeLoop/settle()``).
protocol ClientSide: AnyObject {
    /// The peer's address without port, as text.
    var address: [UInt8] { get }
    /// Whether the client takes more of its answer.
    var isWritable: Bool { get }
    var isHTTP2: Bool { get }
    /// Names in the certificate that the client has shown and that was verified; none without one.
    var certificateNames: [String] { get }
    /// How many bytes the client has taken, of whatever was sent; only the growth counts. `nil` while that depends on
    /// something else than this request.
    var bytesTaken: UInt64? { get }

    /// The request has to wait, for a session, a connection or a workspace that takes no more.
    func pauseRequest()
    /// What was held back meanwhile may be handed on, at once or soon.
    func resumeRequest()
    /// Tells a client that waits for it to send the body.
    func invite()

    /// An interim answer; its parse is in ``EdgeLoop/responseHead``.
    func sendInterim(_ head: RawSpan)
    /// The final head, its parse in ``EdgeLoop/responseHead``.
    func sendHead(_ head: RawSpan)
    func sendBody(_ piece: RawSpan)
    /// The answer is whole. The trailers are field lines as in HTTP/1.1, empty for none.
    func endAnswer(trailers: RawSpan)
    /// The workspace switches to WebSocket with this head, its parse in ``EdgeLoop/responseHead``: the connection becomes
    /// one end of a tunnel. `nil` where there is no such thing.
    func leaveForTunnel(_ head: RawSpan) -> TunnelEntrance?
    /// A whole answer of Lakegate's own.
    func sendOwn(_ answer: LocalResponse)
    /// Ends the answer where it is, so that the client can't take the part for the whole.
    func cutOff()
}
