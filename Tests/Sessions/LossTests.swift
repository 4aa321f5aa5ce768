import Basics
import Testing

@testable import Sessions

@Suite("A store that has lost its data, and a replica that has never had the session", .timeLimit(.minutes(1)))
struct LossTests {
    private func isUnavailable(_ error: SessionError?) -> Bool {
        if case .store(.unavailable) = error { true } else { false }
    }

    @Test func whatNobodyGivesBackIsUnclearAtFirst() async throws {
        let world = World()
        let stranger = SessionID(high: 1, low: 2)
        #expect(try await world.another().load(stranger) == nil)
        world.store.loseAll()
        let error = await #expect(throws: SessionError.self) { try await world.another().load(stranger) }
        #expect(isUnavailable(error))
        let refused = await #expect(throws: SessionError.self) { try await world.another().renew(stranger, after: 1) }
        #expect(isUnavailable(refused))
        world.store.forgetLoss()
        #expect(try await world.another().load(stranger) == nil)
    }

    @Test func aReplicaThatCouldNotTellHasNotDecided() async throws {
        let world = World()
        let session = try await world.begin()
        let other = world.another()
        let record = world.store.record(.session(session.id))
        world.store.loseAll()
        world.store.fail { operation, _ in operation == .write ? .before(.timedOut) : nil }
        await #expect(throws: SessionError.self) { try await other.load(session.id) }
        await #expect(throws: SessionError.self) { try await other.renew(session.id, after: 1) }
        world.store.fail { _, _ in nil }
        world.store.forgetLoss()
        world.store.put(record, .session(session.id))
        #expect(try await other.load(session.id)?.generation == 1)
    }

    @Test func whoHoldsItIsAskedForIt() async throws {
        let world = World()
        let session = try await world.begin()
        world.store.loseAll()
        let other = world.another()
        while (try? await other.load(session.id)) == nil { await Task.yield() }
        #expect(world.events.all.contains(.restored(session.id)))
    }

    @Test func whatIsKnownToHaveEndedStaysDead() async throws {
        let world = World()
        let session = try await world.begin()
        let other = world.another()
        _ = try await other.load(session.id)
        try await world.keeper.end(session.id)
        world.store.loseAll()
        #expect(try await world.keeper.load(session.id) == nil)
        #expect(try await other.load(session.id) == nil)
    }
}
