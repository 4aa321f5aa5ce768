import Basics
import Synchronization

/// Caps how many logins this process begins in ten minutes and how many it completes at once, so that nobody can fill
/// the store or the provider's patience through us.
final class LoginLimit: Sendable {
    /// Whether one more login may begin.
    enum Answer {
        case yes
        /// This client has had its share; others may.
        case notOfThisClient
        case no
    }

    private struct State {
        var windowStart = Timestamp(milliseconds: .min)
        var begun = 0
        var begunByClient: [String: Int] = [:]
        var completing = 0
    }

    private let state = Mutex(State())
    private let perWindow: Int
    private let atOnce: Int

    init(perWindow: Int = 10_000, atOnce: Int = 64) {
        self.perWindow = perWindow
        self.atOnce = atOnce
    }

    /// Counts one more login, if it may begin. A client gets half of what the others left, so that nobody shuts out all.
    func mayBegin(at now: Timestamp, by client: String) -> Answer {
        state.withLock { state in
            // A clock set back also starts a new window.
            if now < state.windowStart || now >= state.windowStart + LoginFlow.life {
                (state.windowStart, state.begun, state.begunByClient) = (now, 0, [:])
            }
            guard state.begun < perWindow else { return .no }
            let own = state.begunByClient[client, default: 0]
            guard own * 2 < perWindow - (state.begun - own) else { return .notOfThisClient }
            state.begun += 1
            state.begunByClient[client] = own + 1
            return .yes
        }
    }

    /// Runs `work` unless too many are running already; then the answer is `nil`.
    func completing<Result: Sendable>(_ work: () async -> Result) async -> Result? {
        let admitted = state.withLock { state in
            guard state.completing < atOnce else { return false }
            state.completing += 1
            return true
        }
        guard admitted else { return nil }
        defer { state.withLock { $0.completing -= 1 } }
        return await work()
    }
}
