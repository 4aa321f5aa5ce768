import Basics
import Sessions
import Synchronization
import Testing

@testable import Stores

struct MemoryStoreTests {
    @Test func behavesLikeAStore() async throws {
        let clock = TestClock()
        try await StoreBehaviour(store: MemoryStore(clock: clock.wall), letTimePass: { clock.advance($0) }).run()
    }

    @Test func doesNotKeepExpiredRecordsForever() async throws {
        let clock = TestClock()
        let store = MemoryStore(clock: clock.wall)
        for number in 0..<5000 {
            let record = StoredRecord(generation: 1, bytes: [])
            _ = try await store.write(RecordName("n\(number)"), record, replacing: 0, life: .seconds(1))
            clock.advance(.milliseconds(10))
        }
        #expect(store.count < 2500)
    }
}

/// A clock that goes forward only when told to.
final class TestClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

    var wall: WallClock {
        WallClock { self.time.withLock { $0 } }
    }

    func advance(_ duration: Duration) {
        time.withLock { $0 = $0 + duration }
    }
}
