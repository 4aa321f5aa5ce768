/// Values that a label can have: a fixed set, so that counting needs neither text nor a dictionary.
///
/// `rawValue` counts from 0 in the order of the cases.
public protocol MetricLabel: CaseIterable, Sendable, RawRepresentable<Int> {
    /// Name of the label in the exposition.
    static var name: String { get }
    /// The value in the exposition.
    var text: String { get }
}

extension MetricLabel {
    /// The case's own name, `loginStarted` as `login_started`.
    public var text: String {
        "\(self)".map { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }.joined()
    }
}

/// How a request of a client ended.
public enum RequestOutcome: Int, MetricLabel {
    /// The workspace's answer reached the client, whatever its status.
    case forwarded
    /// Answered by Lakegate itself: pages, session, callback, and the OAuth facade.
    case served
    /// Sent to the login page.
    case loginStarted
    /// 401: no session, or one that is over.
    case unauthenticated
    /// A foreign bearer that is not accepted (401), or no workspace of that name (400, 421).
    case refused
    /// 400 and its kin: bytes that are no acceptable request.
    case malformed
    /// 503: the store or the token endpoint is away; worth trying again.
    case unavailable
    /// 503: more was asked for at once than is served; worth trying again.
    case overloaded
    /// 502, 503 or 504: the workspace could not be reached, or its answer did not come or was cut short.
    case upstreamFailed
    /// The client left before its answer was complete.
    case clientGone

    public static let name = "outcome"
}

/// What became of a login.
public enum LoginOutcome: Int, MetricLabel {
    case completed
    /// The provider or the person said no.
    case denied
    /// The callback had no flow any more, or another browser's.
    case expired
    case failed

    public static let name = "outcome"
}

/// What became of one attempt to refresh tokens.
public enum RefreshOutcome: Int, MetricLabel {
    case renewed
    /// The refresh token is dead: the person must log in again.
    case rejected
    /// Passing: the provider is away or slow, and it will be tried again.
    case failed

    public static let name = "outcome"
}

/// What became of one attempt to revoke the refresh token of a session that has ended.
public enum RevocationOutcome: Int, MetricLabel {
    case revoked
    /// The token lives on at the provider, until its own end.
    case failed

    public static let name = "outcome"
}

/// What was asked of the store.
public enum StoreOperation: Int, MetricLabel {
    case read, write, remove, take, ping, lease, list

    public static let name = "operation"
}

/// Why the listener takes no connections.
public enum AcceptPause: Int, MetricLabel {
    /// There are as many as there may be.
    case connections
    /// The system has no room for another open file.
    case files
    case memory

    public static let name = "reason"
}

/// Whose connection.
public enum ConnectionSide: Int, MetricLabel {
    case client, upstream

    public static let name = "side"
}
