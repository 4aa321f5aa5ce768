import Sessions
import Testing

@testable import Stores

/// Writes one record again and again, and expects each write to hold.
struct Traffic {
    private let task: Task<Int, any Error>
    private let store: RedisStore
    private let name: RecordName

    init(_ store: RedisStore, _ name: RecordName) {
        (self.store, self.name) = (store, name)
        task = Task {
            var generation: UInt64 = 0
            while !Task.isCancelled {
                let record = StoredRecord(generation: generation + 1, bytes: Array("\(generation)".utf8))
                let outcome = try await store.write(name, record, replacing: generation, life: .seconds(600))
                #expect(outcome == .written)
                generation += 1
                #expect(try await store.read(name) == record)
            }
            return Int(generation)
        }
    }

    func isUnderWay() async throws {
        while try await store.read(name)?.generation ?? 0 < 20 { try await Task.sleep(for: .milliseconds(5)) }
    }

    /// How many writes there were. Throws what any of them threw.
    func end() async throws -> Int {
        task.cancel()
        return try await task.value
    }
}
