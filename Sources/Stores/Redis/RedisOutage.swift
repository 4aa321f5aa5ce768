import NIOCore
import Sessions

/// What becomes of the connections to Redis.
public enum RedisNews: Sendable, Equatable {
    /// Redis can't be reached. Told once, not of each attempt.
    case lost(StoreError)
    /// It serves again, after that long.
    case back(after: Duration)
    /// A password that was changed in its file is in use on all connections.
    case passwordTaken
    /// A password that was changed in its file is not accepted; what is open stays open.
    case refused(StoreError)
    /// Replicas have what was written.
    case acknowledged
    /// These many writes hold, but not as many replicas have them as shall; a failover may forget them.
    case unacknowledged(writes: Int, StoreError)
}

/// Decides what of a broken connection is told.
///
/// One that is made again at once is no outage. An outage is over when a connection has stood for a while, for some servers
/// hang up on whom they have just let in.
struct RedisOutage {
    private var since: NIODeadline?
    private var isTold = false
    /// When the connection that may be the end of it was made.
    private var readySince: NIODeadline?

    var isUnderWay: Bool { since != nil }

    mutating func connectionLost(at now: NIODeadline) {
        since = since ?? now
        readySince = nil
    }

    mutating func connectionMade(at now: NIODeadline) {
        readySince = now
    }

    mutating func attemptFailed(_ error: StoreError, at now: NIODeadline) -> RedisNews? {
        connectionLost(at: now)
        defer { isTold = true }
        return isTold ? nil : .lost(error)
    }

    /// The connection has stood for long enough.
    mutating func ended() -> RedisNews? {
        guard let since, let readySince else { return nil }
        defer { self = RedisOutage() }
        return isTold ? .back(after: .nanoseconds((readySince - since).nanoseconds)) : nil
    }

    static let standing = TimeAmount.seconds(1)
}
