import Basics
import NIOPosix
import RedisServer
import Sessions
import Synchronization
import Testing

@testable import Stores

/// Redis loses its data.
@Suite(.timeLimit(.minutes(1)))
struct LossTests {
    private let name = RecordName("lakegate:{one}:session", isAnnounced: true)

    @Test func everyReplicaKnowsOfItForAWhile() async throws {
        let server = try RedisServer()
        let (one, other) = (await connect(server), await connect(server))
        let heard = Mutex<[StoreChange]>([])
        other.listen { change in heard.withLock { $0.append(change) } }
        for store in [one, other] { try await untilUp(store) }
        #expect(try await one.mayHaveLost(name) == false)
        try server.command("FLUSHALL")
        #expect(try await one.mayHaveLost(name))
        while !heard.withLock({ $0.contains(.written(name, generation: 0)) }) {
            try await Task.sleep(for: .milliseconds(5))
        }
        let late = await connect(server)
        try await untilUp(late)
        for store in [other, late] { #expect(try await store.mayHaveLost(name)) }
        try server.command("HSET", "lakegate:{marker}", "l", "1000")
        for store in [one, other, late] {
            #expect(try await store.mayHaveLost(name) == false)
            await store.shutDown()
        }
    }

    @Test func aReplicaThatComesFirstToWhatIsEmptyLearnsItFromOthers() async throws {
        let server = try RedisServer()
        let old = await connect(server)
        try await untilUp(old)
        try server.command("FLUSHALL")
        let fresh = await connect(server)
        try await untilUp(fresh)
        #expect(try await fresh.mayHaveLost(name) == false, "it may as well have never been used")
        #expect(try await old.mayHaveLost(name))
        #expect(try await fresh.mayHaveLost(name))
        for store in [old, fresh] { await store.shutDown() }
    }

    @Test func aRestartWithoutDataIsALoss() async throws {
        let server = try RedisServer()
        let store = await connect(server)
        try await untilUp(store)
        server.kill()
        try server.start()
        try await untilUp(store)
        #expect(try await store.mayHaveLost(name))
        await store.shutDown()
    }
}
