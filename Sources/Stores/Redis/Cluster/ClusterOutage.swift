import NIOCore
import Sessions

/// Decides what is told of a cluster of which servers come and go: that the first is away, and that all are back.
struct ClusterOutage {
    /// The cluster as a whole is away while nobody says who keeps what.
    enum Part: Hashable {
        case server(RedisServerAddress)
        case map
    }

    private var away: Set<Part> = []
    private var since: NIODeadline?

    var isUnderWay: Bool { !away.isEmpty }

    mutating func lost(_ part: Part, _ error: StoreError, at now: NIODeadline) -> RedisNews? {
        defer { away.insert(part) }
        guard away.isEmpty else { return nil }
        since = now
        return .lost(error)
    }

    /// It is back, or no longer counts.
    mutating func back(_ part: Part, at now: NIODeadline) -> RedisNews? {
        guard away.remove(part) != nil, away.isEmpty, let since else { return nil }
        return .back(after: .nanoseconds((now - since).nanoseconds))
    }
}
