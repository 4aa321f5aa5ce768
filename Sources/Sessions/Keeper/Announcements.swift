import Synchronization

/// Tells observers of changes, one at a time and in the order in which they were announced, without holding a lock.
final class Announcements: Sendable {
    enum Change: Sendable {
        case changed(Session)
        case ended(SessionID)
    }

    private struct State {
        var observers: [any SessionObserver] = []
        var waiting: [Change] = []
        var isDelivering = false
    }

    private let state = Mutex(State())

    func add(_ observer: any SessionObserver) {
        state.withLock { $0.observers.append(observer) }
    }

    /// Puts a change into the order. Follow with ``deliver()`` once no lock is held.
    func enqueue(_ change: Change) {
        state.withLock { $0.waiting.append(change) }
    }

    func deliver() {
        guard begin() else { return }
        while let (changes, observers) = next() {
            for change in changes {
                for observer in observers {
                    tell(observer, change)
                }
            }
        }
    }

    private func begin() -> Bool {
        state.withLock { state in
            guard !state.isDelivering else { return false }
            state.isDelivering = true
            return true
        }
    }

    private func next() -> ([Change], [any SessionObserver])? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isDelivering = false
                return nil
            }
            defer { state.waiting = [] }
            return (state.waiting, state.observers)
        }
    }

    private func tell(_ observer: any SessionObserver, _ change: Change) {
        switch change {
        case .changed(let session): observer.sessionChanged(session)
        case .ended(let id): observer.sessionEnded(id)
        }
    }
}
