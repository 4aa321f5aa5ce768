import NIOCore
import Wire

/// What an exchange asks of the connection or stream to its workspace.
///
/// As with ``ClientSide`` nothing reaches the socket before the event is over.
protocol UpstreamSide: AnyObject {
    /// Whether the workspace takes more of the request.
    var isWritable: Bool { get }

    /// Sends the head: parsed in ``EdgeLoop/requestHead``, and what is said in the client's place in
    /// ``EdgeLoop/forwarding``.
    func begin(_ exchange: Exchange, head: RawSpan)
    func send(_ piece: RawSpan)
    /// The request is whole. The trailers are field lines as in HTTP/1.1, empty for none.
    func endRequest(trailers: RawSpan)

    func pauseAnswer()
    func resumeAnswer()
    /// Leaves the exchange unfinished; the exchange hears nothing more.
    func abandon()
}
