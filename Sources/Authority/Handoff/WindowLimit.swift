import Basics
import Synchronization

/// Counts what somebody does in ten minutes, in this process, and says when it is too much.
final class WindowLimit: Sendable {
    private struct State {
        var windowStart = Timestamp(milliseconds: .min)
        var counts: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let most: Int
    private let mostNames: Int

    init(most: Int, mostNames: Int = 10_000) {
        self.most = most
        self.mostNames = mostNames
    }

    /// Whether `name` may go on.
    func allows(_ name: String, at now: Timestamp) -> Bool {
        state.withLock { state in
            Self.turn(&state, at: now)
            return state.counts[name].map { $0 < most } ?? (state.counts.count < mostNames)
        }
    }

    func count(_ name: String, at now: Timestamp) {
        state.withLock { state in
            Self.turn(&state, at: now)
            guard state.counts[name] != nil || state.counts.count < mostNames else { return }
            state.counts[name, default: 0] += 1
        }
    }

    private static func turn(_ state: inout State, at now: Timestamp) {
        // A clock set back also starts a new window.
        guard now < state.windowStart || now >= state.windowStart + .seconds(600) else { return }
        state = State(windowStart: now)
    }
}
