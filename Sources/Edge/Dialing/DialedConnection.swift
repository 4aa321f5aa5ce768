import NIOCore
import TLS

/// A connection to a workspace on which nothing was sent yet.
struct DialedConnection {
    /// Ready, and paused until it is handed over: nothing that the workspace says meanwhile is lost.
    /// Whoever is given it hands it over to an application (``TLSConnection/handOver(to:)``) or closes it, at once: later
    /// it may be closed, and a closed one tells nobody.
    let tls: TLSConnection
    /// As in `h2` or `http/1.1`; `nil` when the workspace chose none.
    let negotiatedProtocol: String?
    /// The workspace's, or the proxy's.
    let address: SocketAddress
}
