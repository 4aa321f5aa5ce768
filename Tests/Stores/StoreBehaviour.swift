import Basics
import Sessions
import Testing

/// What every record store must do. `letTimePass` makes at least the given time pass for the store.
struct StoreBehaviour {
    let store: any RecordStore
    let letTimePass: (Duration) async throws -> Void
    let long = Duration.seconds(60)

    func run() async throws {
        try await store.ping()
        try await keepsWhatWasWritten()
        try await writesOnlyOverTheExpectedGeneration()
        try await letsOneOfManyWritersWin()
        try await letsOneOfManyTakersWin()
        try await expires()
        try await keepsAnyBytes()
        try await showsWhatEndsAndNamesSessions()
        try await LeaseBehaviour(store: store, letTimePass: letTimePass).run()
    }

    private func name(_ word: String) -> RecordName {
        RecordName("lakegate:{\(word)-\(UInt64.random(in: 0 ... .max))}:test")
    }

    private func record(_ generation: UInt64, _ text: String = "x") -> StoredRecord {
        StoredRecord(generation: generation, bytes: Array(text.utf8))
    }

    private func keepsWhatWasWritten() async throws {
        let name = name("keeps")
        #expect(try await store.read(name) == nil)
        #expect(try await store.mayHaveLost(name) == false, "nothing was ever lost")
        #expect(try await store.write(name, record(1, "one"), replacing: 0, life: long) == .written)
        #expect(try await store.read(name) == record(1, "one"))
        #expect(try await store.write(name, record(2, "two"), replacing: 1, life: long) == .written)
        #expect(try await store.read(name) == record(2, "two"))
    }

    private func writesOnlyOverTheExpectedGeneration() async throws {
        let name = name("cas")
        #expect(try await store.write(name, record(5), replacing: 4, life: long) == .conflict(current: 0))
        #expect(try await store.read(name) == nil)
        #expect(try await store.write(name, record(.max), replacing: 0, life: long) == .written)
        #expect(try await store.write(name, record(1), replacing: 0, life: long) == .conflict(current: .max))
        #expect(try await store.write(name, record(1), replacing: 7, life: long) == .conflict(current: .max))
    }

    private func letsOneOfManyWritersWin() async throws {
        let name = name("race")
        for generation in UInt64(1)...20 {
            let wins = try await count(50) { number in
                let record = record(generation, "writer \(number)")
                return try await store.write(name, record, replacing: generation - 1, life: long) == .written
            }
            #expect(wins == 1)
        }
        #expect(try await store.read(name)?.generation == 20)
    }

    private func letsOneOfManyTakersWin() async throws {
        let name = name("take")
        _ = try await store.write(name, record(3, "taken"), replacing: 0, life: long)
        let wins = try await count(50) { _ in
            guard let found = try await store.take(name) else { return false }
            return found == record(3, "taken")
        }
        #expect(wins == 1)
        #expect(try await store.read(name) == nil)
    }

    private func count(_ tasks: Int, _ body: @escaping (Int) async throws -> Bool) async throws -> Int {
        let behaviour = Unchecked(body)
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<tasks {
                group.addTask { try await behaviour.value(number) }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }

    private func expires() async throws {
        let (short, renewed) = (name("short"), name("renewed"))
        _ = try await store.write(short, record(1), replacing: 0, life: .milliseconds(80))
        _ = try await store.write(renewed, record(1), replacing: 0, life: .milliseconds(80))
        _ = try await store.write(renewed, record(2), replacing: 1, life: long)
        #expect(try await store.read(short) != nil)
        try await letTimePass(.milliseconds(120))
        #expect(try await store.read(short) == nil)
        #expect(try await store.take(short) == nil)
        #expect(try await store.write(short, record(2), replacing: 1, life: long) == .conflict(current: 0))
        #expect(try await store.read(renewed) == record(2))
    }

    private func showsWhatEndsAndNamesSessions() async throws {
        let all = (0..<1200).map { RecordName.session(SessionID(high: .random(in: 0 ... .max), low: UInt64($0))) }
        for name in all { _ = try await store.write(name, record(1, "it"), replacing: 0, life: long) }
        #expect(try await store.end(all[0], life: long) == record(1, "it"))
        #expect(try await store.end(all[0], life: long) == nil, "it has ended already")
        #expect(try await store.write(all[0], record(1), replacing: 0, life: long) == .ended)
        _ = try await store.write(.flow([1, 2, 3]), record(1), replacing: 0, life: long)
        _ = try await store.write(RecordName("lakegate:{x}:session"), record(1), replacing: 0, life: long)
        var (found, place) = (Set<RecordName>(), ListingPlace?.none)
        repeat {
            let page = try await store.sessionNames(from: place)
            found.formUnion(page.names)
            place = page.next
        } while place != nil
        #expect(found.isSuperset(of: all.dropFirst()))
        #expect(found.subtracting(all).isEmpty, "only sessions are named")
    }

    private func keepsAnyBytes() async throws {
        let name = name("bytes")
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) } + Array("\r\n$-1\r\n*2\r\n".utf8)
        _ = try await store.write(name, StoredRecord(generation: 1, bytes: bytes), replacing: 0, life: long)
        #expect(try await store.read(name)?.bytes == bytes)
        let empty = self.name("empty")
        _ = try await store.write(
            empty, StoredRecord(generation: 1, bytes: []), replacing: 0, life: .seconds(1_000_000_000))
        #expect(try await store.read(empty)?.bytes == [])
    }
}

/// The closures of this suite touch only the store, which is Sendable; the compiler cannot see that.
struct Unchecked<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
