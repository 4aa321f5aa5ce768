/// What the proxy says in place of the client when it forwards a request.
///
/// Meant to be kept per connection and changed where requests differ. A value with a control character in it is
/// left out of the forwarded head rather than written, so that nothing can start a line of its own.
public struct Forwarding: ~Copyable, Sendable {
    /// What becomes of the Authorization field.
    public enum Replacement: Sendable {
        /// The whole value, such as `Bearer …`; other credentials of the client go too.
        case set([UInt8])
        case keep
        case remove
    }

    /// Value of Host: the workspace's name.
    public var host: [UInt8]
    public var authorization: Replacement
    /// Second token and workspace of a principal that only Azure knows; empty: none is sent.
    public var azureToken: [UInt8] = []
    public var azureResourceID: [UInt8] = []
    /// Value of X-Forwarded-For; empty: none is sent.
    public var forwardedFor: [UInt8]
    /// Value of X-Forwarded-Host; empty: none is sent.
    public var forwardedHost: [UInt8]
    /// Value of X-Request-Id, unless the client's is kept; empty: none is sent.
    public var requestID: [UInt8]
    /// A client's own valid X-Request-Id goes on; see ``RequestHead/validRequestID(in:)``.
    public var keepsClientRequestID: Bool
    /// The proxy has sent the 100 itself, so Expect must not go on.
    public var answersExpect: Bool
    /// The workspace is asked for a WebSocket.
    public var upgradesToWebSocket = false
    /// The answer is going to be read, so the workspace is not asked to compress it.
    public var asksForPlainAnswer = false
    /// Cookies whose names start like this do not go on; empty: no cookie does.
    public var removedCookies: [UInt8]

    public init(
        host: [UInt8], authorization: Replacement, forwardedFor: [UInt8] = [], forwardedHost: [UInt8] = [],
        requestID: [UInt8] = [], keepsClientRequestID: Bool = true, answersExpect: Bool = false,
        removedCookies: [UInt8] = Forwarding.ownCookies
    ) {
        self.host = host
        self.authorization = authorization
        self.forwardedFor = forwardedFor
        self.forwardedHost = forwardedHost
        self.requestID = requestID
        self.keepsClientRequestID = keepsClientRequestID
        self.answersExpect = answersExpect
        self.removedCookies = removedCookies
    }

    /// How the names of Lakegate's own cookies begin: no workspace sees them, and none sets them.
    public static let ownCookies = Array("__Host-lakegate".utf8)

    var keepsCredentials: Bool {
        if case .keep = authorization { true } else { false }
    }
}
