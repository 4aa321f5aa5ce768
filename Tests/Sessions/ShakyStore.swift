import Basics
import Sessions
import Synchronization

/// A store in memory that can be told to fail, also after having done what it was asked.
final class ShakyStore: RecordStore {
    enum Operation: Sendable { case read, write, remove }

    enum Fault: Sendable {
        case before(StoreError)
        /// Does it, then says that it failed.
        case after(StoreError)
    }

    private struct State {
        var records: [RecordName: StoredRecord] = [:]
        var fault: @Sendable (Operation, Int) -> Fault? = { _, _ in nil }
        var counts: [Operation: Int] = [:]
        var beforeWrite: (@Sendable () async -> Void)?
    }

    private let state = Mutex(State())

    /// The fault for the n-th operation of a kind, counted from 1 since this call.
    func fail(_ fault: @escaping @Sendable (Operation, Int) -> Fault?) {
        state.withLock {
            $0.fault = fault
            $0.counts = [:]
        }
    }

    func count(_ operation: Operation) -> Int { state.withLock { $0.counts[operation] ?? 0 } }

    func record(_ name: RecordName) -> StoredRecord? { state.withLock { $0.records[name] } }

    func put(_ record: StoredRecord?, _ name: RecordName) { state.withLock { $0.records[name] = record } }

    /// Runs once, in front of the next write.
    func beforeNextWrite(_ body: @escaping @Sendable () async -> Void) { state.withLock { $0.beforeWrite = body } }

    func read(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        await Task.yield()
        return try perform(.read) { $0.records[name] }
    }

    func write(
        _ name: RecordName, _ record: StoredRecord, replacing expected: UInt64, life: Duration
    ) async throws(StoreError) -> WriteOutcome {
        await state.withLock { state in
            defer { state.beforeWrite = nil }
            return state.beforeWrite
        }?()
        return try perform(.write) { state in
            let current = state.records[name]?.generation ?? 0
            guard current == expected else { return .conflict(current: current) }
            state.records[name] = record
            return .written
        }
    }

    func remove(_ name: RecordName) async throws(StoreError) {
        try perform(.remove) { $0.records[name] = nil }
    }

    func take(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        try perform(.read) { $0.records.removeValue(forKey: name) }
    }

    func ping() async throws(StoreError) {}

    private func perform<Answer: Sendable>(
        _ operation: Operation, _ body: (inout State) -> Answer
    ) throws(StoreError) -> Answer {
        let result: Result<Answer, StoreError> = state.withLock { state in
            state.counts[operation, default: 0] += 1
            switch state.fault(operation, state.counts[operation] ?? 0) {
            case .before(let error): return .failure(error)
            case .after(let error):
                _ = body(&state)
                return .failure(error)
            case nil: return .success(body(&state))
            }
        }
        return try result.get()
    }
}
