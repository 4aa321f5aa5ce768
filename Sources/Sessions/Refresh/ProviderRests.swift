import Basics

/// When the token endpoint of a workspace takes another refresh for which nobody waits: only some at a time, and none while it
/// has asked to be left alone (429 or 503 with Retry-After).
struct ProviderRests {
    private var quietUntil: [String: Timestamp] = [:]
    private let atOnce: Int

    init(atOnce: Int) {
        self.atOnce = atOnce
    }

    /// `nil` for now.
    func nextChance(at workspace: String, underWay: Int, now: Timestamp) -> Timestamp? {
        if let until = quietUntil[workspace], until > now { return until }
        return underWay < atOnce ? nil : now + ProviderRests.pause
    }

    mutating func askedForQuiet(_ workspace: String, until moment: Timestamp) {
        quietUntil[workspace] = max(moment, quietUntil[workspace] ?? moment)
    }

    private static let pause = Duration.seconds(1)
}
