import Basics

/// When a token that a workspace rejects is worth replacing. Where each new one is rejected as well, the reason is another, and each
/// attempt spends a refresh token: then there are pauses in between.
public final class TokenReplacement {
    private var generation: UInt64 = 0
    private var count = 0
    private var askedAt = Timestamp(milliseconds: 0)
    private var nextAt = Timestamp(milliseconds: 0)

    init() {}

    /// Whether to ask for a newer token than that of `generation`. All who were rejected with the same one may.
    func mayReplace(_ generation: UInt64, at now: Timestamp) -> Bool {
        guard generation > self.generation else { return true }
        // A clock set back makes nobody wait.
        guard now >= nextAt || now < askedAt else { return false }
        count = now.since(askedAt) > Self.memory ? 1 : count + 1
        (self.generation, askedAt) = (generation, now)
        nextAt = now + Self.pause(after: count)
        return true
    }

    /// Five seconds, twice; then twice as long each time, five minutes at the most.
    private static func pause(after count: Int) -> Duration {
        .seconds(min(5 << max(0, min(count - 2, 6)), 300))
    }

    private static let memory = Duration.seconds(600)
}
