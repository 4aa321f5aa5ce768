import Basics

/// When an access token is renewed, and how long a failed attempt keeps quiet.
public struct RefreshPolicy: Sendable, Equatable {
    /// A token is renewed at the latest when this much of its life remains,
    public var window: Duration = .seconds(300)
    /// or this part of its life, whichever is more. At most half of its life in any case.
    public var partOfLife = 0.1
    /// SDKs take a token with less than this left for expired (databricks-sdk-py), so renewal never waits that long
    /// unless the whole life is shorter than twice this.
    public var floor: Duration = .seconds(40)
    /// Jitter moves renewal earlier by at most this part of the window.
    public var spread = 0.1
    /// First and longest pause after a refresh that failed.
    public var firstPause: Duration = .seconds(1)
    public var longestPause: Duration = .seconds(60)
    /// A provider's Retry-After is followed up to this.
    public var longestObeyed: Duration = .seconds(300)

    public init() {}

    /// How long before expiry a token of this life is renewed at the latest.
    public func latestWindow(life: Duration) -> Duration {
        let life = max(life, .zero)
        return min(max(window, life * partOfLife, floor), life / 2)
    }

    /// When to renew; `jitter` from 0 up to 1.
    public func dueAt(obtainedAt: Timestamp, expiresAt: Timestamp, jitter: Double) -> Timestamp {
        let latest = latestWindow(life: expiresAt.since(obtainedAt))
        return expiresAt - latest * (1 + spread * min(max(jitter, 0), 1))
    }

    /// How long to keep quiet after the given number of failures in a row: doubling, half of it by chance.
    public func pause(failures: Int, asked: Duration?, jitter: Double) -> Duration {
        let doubled = firstPause * Double(1 << min(max(failures - 1, 0), 20))
        let own = min(doubled, longestPause) * (0.5 + 0.5 * jitter)
        return max(own, min(asked ?? .zero, longestObeyed))
    }

    /// How long to wait before the next attempt to store what the provider granted.
    public func storePause(failures: Int, jitter: Double) -> Duration {
        min(.milliseconds(50 << min(max(failures - 1, 0), 6)), .seconds(2)) * (0.5 + 0.5 * jitter)
    }
}
