import Synchronization

/// Counts the client connections of the process. Asked once when a connection comes and told once when it is gone, so
/// that a lock is cheap enough.
final class Admission: Sendable {
    private struct State {
        var total = 0
        var each: [ClientNetwork: Int] = [:]
        var whenRoom: (@Sendable () -> Void)?
    }

    private let most: Int
    private let mostOfEach: Int
    private let state = Mutex(State())

    /// - Parameter mostOfEach: For one client; 0 for any number.
    init(most: Int, mostOfEach: Int) {
        self.most = most
        self.mostOfEach = mostOfEach > 0 ? mostOfEach : .max
    }

    /// `false` when the client has as many as it may; such a connection is not counted.
    func enter(_ client: ClientNetwork) -> Bool {
        state.withLock { state in
            let count = state.each[client, default: 0]
            guard count < mostOfEach else { return false }
            state.each[client] = count + 1
            state.total += 1
            return true
        }
    }

    func leave(_ client: ClientNetwork) {
        let whenRoom = state.withLock { state in
            let count = state.each[client, default: 0]
            state.each[client] = count > 1 ? count - 1 : nil
            state.total -= 1
            return state.total == most - 1 ? state.whenRoom : nil
        }
        whenRoom?()
    }

    /// Whether there are as many as there may be.
    var isFull: Bool {
        state.withLock { $0.total >= most }
    }

    /// What is called, on any thread, when there is room again.
    func whenRoom(_ action: (@Sendable () -> Void)?) {
        state.withLock { $0.whenRoom = action }
    }
}
