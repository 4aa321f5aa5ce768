import Synchronization

/// Bounds how many programs wait for an answer at once.
final class Watchers: Sendable {
    private let waiting = Mutex<[String: Int]>([:])
    private let most: Int
    private let mostEach: Int

    init(most: Int = 512, mostEach: Int = 128) {
        self.most = most
        self.mostEach = mostEach
    }

    /// Tells `work` whether one more of `client` may wait.
    func admitting<Answer: Sendable>(_ client: String, _ work: (_ mayWait: Bool) async -> Answer) async -> Answer {
        guard enter(client) else { return await work(false) }
        defer { leave(client) }
        return await work(true)
    }

    private func enter(_ client: String) -> Bool {
        waiting.withLock { waiting in
            let mine = waiting[client] ?? 0
            guard mine < mostEach, waiting.values.reduce(0, +) < most else { return false }
            waiting[client] = mine + 1
            return true
        }
    }

    private func leave(_ client: String) {
        waiting.withLock { waiting in
            let left = (waiting[client] ?? 1) - 1
            waiting[client] = left > 0 ? left : nil
        }
    }
}
