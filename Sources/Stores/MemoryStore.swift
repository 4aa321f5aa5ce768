import Basics
import Sessions
import Synchronization

/// Records in this process only, with the same behaviour as ``RedisStore``. A restart forgets them all.
public final class MemoryStore: RecordStore {
    fileprivate struct Entry {
        var content: LeasedRecord
        var expiresAt: Timestamp
    }

    fileprivate struct Shelf {
        var entries: [RecordName: Entry] = [:]
        var writesUntilSweep = 1000
    }

    private let clock: WallClock
    private let shelf = Mutex(Shelf())
    private let listeners = Listeners()

    public init(clock: WallClock) {
        self.clock = clock
    }

    public func read(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        let now = clock.now()
        return shelf.withLock { $0.live(name, now: now)?.content.record }
    }

    public func write(
        _ name: RecordName, _ record: StoredRecord, replacing expected: UInt64, life: Duration
    ) async throws(StoreError) -> WriteOutcome {
        let now = clock.now()
        let outcome = shelf.withLock { shelf in
            shelf.write(name, record, replacing: expected, now: now, life: life)
        }
        if outcome == .written { tell(.written(name, generation: record.generation)) }
        return outcome
    }

    public func restore(
        _ name: RecordName, _ record: StoredRecord, replacing expected: UInt64, digest: String, life: Duration
    ) async throws(StoreError) -> WriteOutcome {
        let now = clock.now()
        let outcome = shelf.withLock { shelf in
            let outcome = shelf.write(name, record, replacing: expected, now: now, life: life)
            if outcome == .written { shelf.entries[name]?.content.restored(digest: digest, now: now) }
            return outcome
        }
        if outcome == .written { tell(.written(name, generation: record.generation)) }
        return outcome
    }

    @discardableResult
    public func end(_ name: RecordName, life: Duration) async throws(StoreError) -> StoredRecord? {
        let now = clock.now()
        let ended = shelf.withLock { shelf in
            let ended = shelf.live(name, now: now)?.content.record
            var content = shelf.entries[name]?.content ?? LeasedRecord(StoredRecord(generation: 0, bytes: []))
            content.end()
            shelf.entries[name] = Entry(content: content, expiresAt: now + life)
            return ended
        }
        tell(.ended(name))
        return ended
    }

    public func take(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        let now = clock.now()
        return shelf.withLock { shelf in
            let record = shelf.live(name, now: now)?.content.record
            shelf.entries[name] = nil
            return record
        }
    }

    /// All in one piece.
    public func sessionNames(from place: ListingPlace?) async throws(StoreError) -> NamePage {
        let now = clock.now()
        let names = shelf.withLock { shelf in
            shelf.entries.filter { $0.value.expiresAt > now && $0.value.content.record != nil }.map(\.key)
        }
        return NamePage(names: names.compactMap { RecordName(ofSession: $0.text) }, next: nil)
    }

    public func ageOfMaster(of name: RecordName) async -> Duration? { nil }

    /// It loses nothing but with the process that asks.
    public func mayHaveLost(_ name: RecordName) async throws(StoreError) -> Bool { false }

    public func listen(_ tell: @escaping @Sendable (StoreChange) -> Void) {
        listeners.add(tell)
    }

    private func tell(_ change: StoreChange) {
        if change.isAnnounced { listeners.tell(change) }
    }

    public func ping() async throws(StoreError) {}

    /// Records kept, expired ones included that no sweep has met yet.
    var count: Int {
        shelf.withLock { $0.entries.count }
    }
}

// Leases.
extension MemoryStore {
    public func lease(
        _ name: RecordName, owner: String, life: Duration
    ) async throws(StoreError) -> LeaseAnswer {
        let now = clock.now()
        return shelf.withLock { shelf in
            guard shelf.live(name, now: now) != nil else { return .noRecord }
            return shelf.entries[name]?.content.lease(name, owner: owner, now: now, life: life) ?? .noRecord
        }
    }

    public func intend(
        _ lease: RefreshLease, digest: String, life: Duration
    ) async throws(StoreError) -> Bool {
        let now = clock.now()
        return shelf.withLock { shelf in
            shelf.entries[lease.name]?.content.intend(lease, digest: digest, now: now, life: life) ?? false
        }
    }

    public func commit(
        _ lease: RefreshLease, _ record: StoredRecord, replacing expected: UInt64, life: Duration
    ) async throws(StoreError) -> CommitOutcome {
        let now = clock.now()
        let outcome = shelf.withLock { shelf -> CommitOutcome in
            guard var entry = shelf.live(lease.name, now: now) else { return .conflict }
            let outcome = entry.content.commit(lease, record, replacing: expected, now: now)
            if outcome == .written { entry.expiresAt = now + life }
            shelf.entries[lease.name] = entry
            return outcome
        }
        if outcome == .written { tell(.written(lease.name, generation: record.generation)) }
        return outcome
    }

    public func release(_ lease: RefreshLease, keepingTrace: Bool) async throws(StoreError) {
        shelf.withLock { $0.entries[lease.name]?.content.release(lease, keepingTrace: keepingTrace) }
    }
}

extension MemoryStore.Shelf {
    fileprivate mutating func write(
        _ name: RecordName, _ record: StoredRecord, replacing expected: UInt64, now: Timestamp, life: Duration
    ) -> WriteOutcome {
        var outcome = expected == 0 ? WriteOutcome.written : .conflict(current: 0)
        var content = LeasedRecord(record)
        if let known = live(name, now: now)?.content {
            content = known
            outcome = content.replace(record, expecting: expected)
        }
        guard outcome == .written else { return outcome }
        entries[name] = MemoryStore.Entry(content: content, expiresAt: now + life)
        sweepNowAndThen(now: now)
        return .written
    }

    fileprivate func live(_ name: RecordName, now: Timestamp) -> MemoryStore.Entry? {
        entries[name].flatMap { $0.expiresAt > now ? $0 : nil }
    }

    /// Keeps what nobody asks for again from piling up; the cost is spread over as many writes as there are records.
    fileprivate mutating func sweepNowAndThen(now: Timestamp) {
        writesUntilSweep -= 1
        guard writesUntilSweep <= 0 else { return }
        entries = entries.filter { $0.value.expiresAt > now }
        writesUntilSweep = max(1000, entries.count)
    }
}
