/// What sits on top of a ``TLSConnection``: it is told of plaintext and of the connection's life.
///
/// Every call comes on the connection's event loop. A call may write, flush, pause or close the connection, and may do
/// the same to others. After ``connectionClosed(_:)`` there are no more calls.
public protocol TLSApplication: AnyObject {
    /// The handshake is done; protocol, server name and peer are known now.
    func connectionReady()

    /// Decrypted bytes, valid during the call only. At most one TLS record (16 KiB) a call.
    func received(_ bytes: RawSpan)

    /// Everything that one read from the socket brought has been delivered. The place to flush.
    func readCompleted()

    /// No more bytes will come. The connection can still write.
    func inputEnded(_ ending: InputEnding)

    /// Whether the socket takes more; when not, stop writing soon (a few records more do no harm).
    func writabilityChanged()

    /// The socket is gone, or the handshake failed. The last call.
    func connectionClosed(_ reason: ClosingReason)
}

/// How the peer stopped sending.
public enum InputEnding: Sendable, Equatable {
    /// With close_notify: the bytes received are all that were sent.
    case cleanly
    /// The socket ended without close_notify: what came may be cut short (RFC 8446, section 6.1).
    case truncated
}

/// Why a connection is over.
public enum ClosingReason: Sendable, Equatable {
    case closed
    /// The text is safe to log: OpenSSL's reason, or what was wrong with the peer's certificate.
    case tlsFailure(String)
    case socketFailure(String)
}

extension ClosingReason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .closed: "the connection was closed"
        case .tlsFailure(let text): "TLS: \(text)"
        case .socketFailure(let text): text
        }
    }
}
