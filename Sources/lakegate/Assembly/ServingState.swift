import Admin
import Synchronization

/// Whether the process takes traffic, or has been told to end.
final class ServingState: Sendable {
    private let isEnding = Atomic(false)

    func beginEnding() {
        isEnding.store(true, ordering: .relaxed)
    }

    var check: ReadinessCheck {
        ReadinessCheck("process") { [self] in
            isEnding.load(ordering: .relaxed) ? .notReady("draining") : .ready
        }
    }
}
