import Basics
import Sessions
import Synchronization

/// Records in this process only, with the same behaviour as ``RedisStore``. A restart forgets them all.
public final class MemoryStore: RecordStore {
    fileprivate struct Entry {
        let record: StoredRecord
        let expiresAt: Timestamp
    }

    fileprivate struct Shelf {
        var entries: [RecordName: Entry] = [:]
        var writesUntilSweep = 1000
    }

    private let clock: WallClock
    private let shelf = Mutex(Shelf())

    public init(clock: WallClock) {
        self.clock = clock
    }

    public func read(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        let now = clock.now()
        return shelf.withLock { $0.live(name, now: now)?.record }
    }

    public func write(
        _ name: RecordName, _ record: StoredRecord, replacing expected: UInt64, life: Duration
    ) async throws(StoreError) -> WriteOutcome {
        let now = clock.now()
        return shelf.withLock { shelf in
            let current = shelf.live(name, now: now)?.record.generation ?? 0
            guard current == expected else { return .conflict(current: current) }
            shelf.entries[name] = Entry(record: record, expiresAt: now + life)
            shelf.sweepNowAndThen(now: now)
            return .written
        }
    }

    public func remove(_ name: RecordName) async throws(StoreError) {
        shelf.withLock { $0.entries[name] = nil }
    }

    public func take(_ name: RecordName) async throws(StoreError) -> StoredRecord? {
        let now = clock.now()
        return shelf.withLock { shelf in
            let record = shelf.live(name, now: now)?.record
            shelf.entries[name] = nil
            return record
        }
    }

    public func ping() async throws(StoreError) {}

    /// Records kept, expired ones included that no sweep has met yet.
    var count: Int {
        shelf.withLock { $0.entries.count }
    }
}

extension MemoryStore.Shelf {
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
