import Basics
import Sessions
import Synchronization

/// A store in memory that can be told to fail, also after having done what it was asked.
final class ShakyStore: RecordStore {
    enum Operation: Sendable { case read, write, remove, lease, list }

    enum Fault: Sendable {
        case before(StoreError)
        /// Does it, then says that it failed.
        case after(StoreError)
    }

    private struct State {
        var records: [RecordName: LeasedRecord] = [:]
        var listeners: [@Sendable (StoreChange) -> Void] = []
        var fault: @Sendable (Operation, Int) -> Fault? = { _, _ in nil }
        var counts: [Operation: Int] = [:]
        var afterIntent: (@Sendable () async -> Void)?
        var hasLost = false
        var masterSince: Timestamp?
        var beforeWrite: (@Sendable () async -> Void)?
    }

    private let state = Mutex(State())
    private let clock: TestClock

    init(clock: TestClock) {
        self.clock = clock
    }

    /// The fault for the n-th operation of a kind, counted from 1 since this call.
    func fail(_ fault: @escaping @Sendable (Operation, Int) -> Fault?) {
        state.withLock {
            $0.fault = fault
            $0.counts = [:]
        }
    }

    func count(_ operation: Operation) -> Int { state.withLock { $0.counts[operation] ?? 0 } }

    func record(_ name: RecordName) -> StoredRecord? { state.withLock { $0.records[name]?.record } }

    func put(_ record: StoredRecord?, _ name: RecordName) {
        state.withLock { $0.records[name] = record.map { LeasedRecord($0) } }
    }

    /// Runs once, in front of the next write.
    func beforeNextWrite(_ body: @escaping @Sendable () async -> Void) { state.withLock { $0.beforeWrite = body } }

    /// Runs once, behind the next intent.
    func afterNextIntent(_ body: @escaping @Sendable () async -> Void) { state.withLock { $0.afterIntent = body } }

    func read(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        await Task.yield()
        return try perform(.read) { $0.records[name]?.record }
    }

    func write(
        _ name: RecordName, _ record: StoredRecord, replacing expected: UInt64, life: Duration
    ) async throws(StoreError) -> WriteOutcome {
        await interfere()
        return try perform(.write) { state in
            guard var known = state.records[name] else {
                guard expected == 0 else { return .conflict(current: 0) }
                state.records[name] = LeasedRecord(record)
                return .written
            }
            let outcome = known.replace(record, expecting: expected)
            state.records[name] = known
            return outcome
        }
    }

    func restore(
        _ name: RecordName, _ record: StoredRecord, replacing expected: UInt64, digest: String, life: Duration
    ) async throws(StoreError) -> WriteOutcome {
        let outcome = try await write(name, record, replacing: expected, life: life)
        let now = clock.now
        if outcome == .written { state.withLock { $0.records[name]?.restored(digest: digest, now: now) } }
        return outcome
    }

    private func interfere() async {
        await state.withLock { state in
            defer { state.beforeWrite = nil }
            return state.beforeWrite
        }?()
    }

    @discardableResult
    func end(_ name: RecordName, life: Duration) async throws(StoreError) -> StoredRecord? {
        let ended = try perform(.remove) { state in
            let ended = state.records[name]?.record
            state.records[name, default: LeasedRecord(StoredRecord(generation: 0, bytes: []))].end()
            return ended
        }
        tell(.ended(name))
        return ended
    }

    /// In pieces of two names, in the order of the names.
    func sessionNames(from place: ListingPlace?) async throws(StoreError) -> NamePage {
        try perform(.list) { state in
            let all = state.records.keys.map(\.text).filter { $0 > place?.text ?? "" }.sorted()
            let names = all.prefix(2).compactMap { RecordName(ofSession: $0) }
            return NamePage(names: names, next: all.count > 2 ? ListingPlace(all[1]) : nil)
        }
    }

    func lease(_ name: RecordName, owner: String, life: Duration) async throws(StoreError) -> LeaseAnswer {
        let now = clock.now
        return try perform(.lease) { state in
            state.records[name]?.lease(name, owner: owner, now: now, life: life) ?? .noRecord
        }
    }

    func intend(_ lease: RefreshLease, digest: String, life: Duration) async throws(StoreError) -> Bool {
        let now = clock.now
        defer { state.withLock { $0.afterIntent = nil } }
        let isOurs = try perform(.lease) { state in
            state.records[lease.name]?.intend(lease, digest: digest, now: now, life: life) ?? false
        }
        await state.withLock { $0.afterIntent }?()
        return isOurs
    }

    func commit(
        _ lease: RefreshLease, _ record: StoredRecord, replacing expected: UInt64, life: Duration
    ) async throws(StoreError) -> CommitOutcome {
        await interfere()
        let now = clock.now
        return try perform(.write) { state in
            state.records[lease.name]?.commit(lease, record, replacing: expected, now: now) ?? .conflict
        }
    }

    func release(_ lease: RefreshLease, keepingTrace: Bool) async throws(StoreError) {
        try perform(.lease) { $0.records[lease.name]?.release(lease, keepingTrace: keepingTrace) }
    }

    /// From here on, what is absent may be lost; who is asked for it hears so.
    func loseAll() {
        state.withLock {
            $0.records = [:]
            $0.hasLost = true
        }
    }

    /// Another server goes on with the records, and knows of no lease and no intent.
    func failOver() {
        let now = clock.now
        state.withLock { state in
            state.records = state.records.mapValues { $0.record.map { LeasedRecord($0) } ?? $0 }
            state.masterSince = now
        }
    }

    func ageOfMaster(of name: RecordName) async -> Duration? {
        let now = clock.now
        return state.withLock { $0.masterSince.map { now.since($0) } }
    }

    func forgetLoss() { state.withLock { $0.hasLost = false } }

    func mayHaveLost(_ name: RecordName) async throws(StoreError) -> Bool {
        let hasLost = try perform(.read) { $0.hasLost }
        if hasLost { tell(.written(name, generation: 0)) }
        return hasLost
    }

    func listen(_ tell: @escaping @Sendable (StoreChange) -> Void) {
        state.withLock { $0.listeners.append(tell) }
    }

    /// As if another replica had published it.
    func tell(_ change: StoreChange) {
        for listener in state.withLock({ $0.listeners }) { listener(change) }
    }

    func take(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        try perform(.read) { $0.records.removeValue(forKey: name)?.record }
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
