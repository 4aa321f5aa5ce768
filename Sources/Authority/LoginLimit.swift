import Basics
import Synchronization

/// Caps how many logins this process begins in ten minutes and how many it completes at once, so that nobody can fill
/// the store or the provider's patience through us.
final class LoginLimit: Sendable {
    private struct State {
        var windowStart = Timestamp(milliseconds: .min)
        var begun = 0
        var completing = 0
    }

    private let state = Mutex(State())
    private let perWindow: Int
    private let atOnce: Int

    init(perWindow: Int = 10_000, atOnce: Int = 64) {
        self.perWindow = perWindow
        self.atOnce = atOnce
    }

    /// Whether one more login may begin.
    func mayBegin(at now: Timestamp) -> Bool {
        state.withLock { state in
            // A clock set back also starts a new window.
            if now < state.windowStart || now >= state.windowStart + LoginFlow.life {
                state.windowStart = now
                state.begun = 0
            }
            guard state.begun < perWindow else { return false }
            state.begun += 1
            return true
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
