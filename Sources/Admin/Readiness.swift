import Synchronization

/// One condition for taking traffic, such as a store that answers.
public struct ReadinessCheck: Sendable {
    public let name: String
    private let run: @Sendable () async -> ReadinessState

    /// - Parameter run: Should give up by itself when its task is cancelled; nobody waits for it after the limit.
    public init(_ name: String, run: @escaping @Sendable () async -> ReadinessState) {
        self.name = name
        self.run = run
    }

    /// What the check says, or that it said nothing in time.
    func state(within limit: Duration) async -> ReadinessState {
        await withCheckedContinuation { continuation in
            let answer = FirstAnswer(continuation)
            let check = Task { answer.give(await run()) }
            Task {
                try? await Task.sleep(for: limit)
                answer.give(.notReady("no answer within \(limit)"))
                check.cancel()
            }
        }
    }
}

public enum ReadinessState: Sendable, Equatable {
    case ready
    /// The reason is shown to anybody who reaches the admin listener: no secrets.
    case notReady(String)
}

/// Passes on the first of several answers. A task group would wait for the slowest instead.
private final class FirstAnswer: Sendable {
    private let waiting: Mutex<CheckedContinuation<ReadinessState, Never>?>

    init(_ continuation: CheckedContinuation<ReadinessState, Never>) {
        waiting = Mutex(continuation)
    }

    func give(_ state: ReadinessState) {
        let continuation = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        continuation?.resume(returning: state)
    }
}
