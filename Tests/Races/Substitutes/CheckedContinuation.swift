/// Stands in for the standard library's `CheckedContinuation`: when one is resumed before it is awaited, the thread
/// sanitizer does not see that its value has been handed over. It does see the mutex that is passed on both sides here.
struct CheckedContinuation<Value, Failure: Error>: Sendable {
    private let continuation: _Concurrency.CheckedContinuation<Value, Failure>
    private let passage: Passage

    init(_ continuation: _Concurrency.CheckedContinuation<Value, Failure>, through passage: Passage) {
        self.continuation = continuation
        self.passage = passage
    }

    func resume(returning value: sending Value) {
        passage.pass()
        continuation.resume(returning: value)
    }

    func resume() where Value == Void {
        resume(returning: ())
    }

    func resume(throwing failure: Failure) {
        passage.pass()
        continuation.resume(throwing: failure)
    }
}

final class Passage: Sendable {
    private let mutex = Mutex(())

    func pass() {
        mutex.withLock { _ in }
    }
}

func withCheckedContinuation<Value>(
    isolation: isolated (any Actor)? = #isolation, _ body: (CheckedContinuation<Value, Never>) -> Void
) async -> sending Value {
    let passage = Passage()
    let value = await _Concurrency.withCheckedContinuation(isolation: isolation) {
        body(CheckedContinuation($0, through: passage))
    }
    passage.pass()
    return value
}

func withCheckedThrowingContinuation<Value>(
    isolation: isolated (any Actor)? = #isolation, _ body: (CheckedContinuation<Value, any Error>) -> Void
) async throws -> sending Value {
    let passage = Passage()
    let value = try await _Concurrency.withCheckedThrowingContinuation(isolation: isolation) {
        body(CheckedContinuation($0, through: passage))
    }
    passage.pass()
    return value
}
