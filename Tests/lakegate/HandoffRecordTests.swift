import Authority
import Basics
import Foundation
import NIOPosix
import RedisServer
import Sessions
import Stores
import Testing

@testable import lakegate

@Suite("Hand-offs in the store", .timeLimit(.minutes(1)))
struct HandoffRecordTests {
    private let name = Base64URL.encode(Array(repeating: 7, count: 32))
    private let one = Secret<[UInt8]>([1]), two = Secret<[UInt8]>([2])

    private func sealed(_ store: any RecordStore) -> SealedRecords {
        SealedRecords(store: store, keys: KeyringBox(.ephemeral(random: .system)), random: .system)
    }

    @Test("are changed by one of those who read the same, in memory")
    func inMemory() async throws {
        try await behave(HandoffRecords(records: sealed(MemoryStore(clock: .system))))
    }

    @Test("are changed by one of those who read the same, in Redis")
    func inRedis() async throws {
        let server = try RedisServer()
        let store = await RedisStore.connect(
            RedisConfiguration(host: "127.0.0.1", port: server.port), on: MultiThreadedEventLoopGroup.singleton)
        while (try? await store.ping()) == nil { try await Task.sleep(for: .milliseconds(5)) }
        try await behave(HandoffRecords(records: sealed(store)))
        await store.shutDown()
    }

    private func behave(_ handoffs: HandoffRecords) async throws {
        #expect(try await handoffs.read(name) == nil)
        try await handoffs.put(name, one, life: .seconds(60))
        await #expect(throws: SessionError.contended) { try await handoffs.put(name, two, life: .seconds(60)) }
        let read = try #require(try await handoffs.read(name))
        #expect(read.bytes.reveal() == [1])
        let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask { [two] in
                    try await handoffs.replace(name, after: read.generation, two, life: .seconds(60))
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(wins == 1)
        #expect(try await handoffs.read(name)?.bytes.reveal() == [2])
    }

    @Test("are no logins, and logins no hand-offs, though they have one name")
    func namespaces() async throws {
        let records = sealed(MemoryStore(clock: .system))
        let (handoffs, flows) = (HandoffRecords(records: records), LoginFlows(records: records))
        try await handoffs.put(name, one, life: .seconds(60))
        #expect(try await flows.take(name) == nil)
        try await flows.put(name, two, life: .seconds(60))
        #expect(try await handoffs.read(name)?.bytes.reveal() == [1])
        #expect(try await flows.take(name)?.reveal() == [2])
        #expect(RecordName(ofSession: RecordName.handoff(Array(repeating: 7, count: 16)).text) == nil)
    }

    @Test("do not open where they were copied to")
    func copied() async throws {
        let store = MemoryStore(clock: .system)
        let handoffs = HandoffRecords(records: sealed(store))
        try await handoffs.put(name, one, life: .seconds(60))
        let record = try #require(try await store.read(.handoff(Array(repeating: 7, count: 32))))
        let other = Array(repeating: UInt8(8), count: 32)
        _ = try await store.write(.handoff(other), record, replacing: 0, life: .seconds(60))
        await #expect(throws: SessionError.self) { try await handoffs.read(Base64URL.encode(other)) }
    }
}
