import Basics
import Synchronization
import Testing

@testable import Sessions

@Suite("Refresh tokens of ended sessions", .timeLimit(.minutes(1)))
struct RevocationTests {
    private let world = World()

    private var events: [KeeperEvent] {
        world.events.all.filter {
            switch $0 {
            case .revoked, .notRevoked: true
            default: false
            }
        }
    }

    @Test("the token of a session is revoked once, whoever ends it")
    func once() async throws {
        let session = try await world.begin()
        let other = world.another()
        try await other.end(session.id)
        try await other.end(session.id)
        try await world.keeper.end(session.id)
        await other.drain()
        await world.keeper.drain()
        #expect(world.provider.revoked == ["canary-refresh-1"])
        #expect(events == [.revoked(session.id, workspace: "prod")])
    }

    @Test("taking the last key away ends the session; taking another one does not")
    func lastKey() async throws {
        let session = try await world.begin()
        let added = try await world.keeper.addKey(to: session.id, label: "x", lifetime: .seconds(60)).session
        try await world.keeper.removeKey(added.keys[0].digest, from: session.id)
        await world.keeper.drain()
        #expect(world.provider.revoked.isEmpty)
        try await world.keeper.removeKey(added.keys[1].digest, from: session.id)
        await world.keeper.drain()
        #expect(world.provider.revoked == ["canary-refresh-1"])
    }

    @Test("a session that comes to its own end has nothing revoked")
    func ownEnd() async throws {
        _ = try await world.begin(lifetime: .seconds(60))
        world.clock.advance(.seconds(61))
        await world.settle()
        #expect(world.seen.ends.all.count == 1 && world.provider.revoked.isEmpty)
    }

    @Test("the newest token counts, also where the store has an older record")
    func newest() async throws {
        let session = try await world.begin()
        let old = try #require(world.store.record(.session(session.id)))
        let renewed = try await world.keeper.renew(session.id, after: session.generation)
        world.store.put(old, .session(session.id))
        try await world.keeper.end(session.id)
        await world.keeper.drain()
        #expect(world.provider.revoked == [renewed.grant.refreshToken?.reveal()])
    }

    @Test("a token that is granted while its session ends is revoked, too")
    func inFlight() async throws {
        let session = try await world.begin()
        let other = world.another()
        world.provider.duringCalls { _ = try? await other.end(session.id) }
        await #expect(throws: SessionError.self) {
            try await world.keeper.renew(session.id, after: session.generation)
        }
        await world.keeper.drain()
        await other.drain()
        #expect(Set(world.provider.revoked) == ["canary-refresh-1", "canary-refresh-2"])
        #expect(world.store.record(.session(session.id)) == nil)
    }

    @Test("a workspace without such an endpoint is not asked")
    func elsewhere() async throws {
        let session = try await world.begin(workspace: "dev")
        try await world.keeper.end(session.id)
        await world.keeper.drain()
        #expect(world.provider.revoked.isEmpty && events.isEmpty)
    }

    @Test("a provider that fails delays no end and fails none")
    func failing() async throws {
        let session = try await world.begin()
        let (gate, open) = AsyncStream<Void>.makeStream()
        let stream = Mutex<AsyncStream<Void>?>(gate)
        world.provider.duringRevocations {
            let gate = stream.withLock { $0.take() }
            if let gate { for await _ in gate {} }
        }
        world.provider.failRevocations(RevocationFailure(reason: "status 503"))
        try await world.keeper.end(session.id)
        #expect(world.seen.ends.all == [session.id] && events.isEmpty)
        open.finish()
        await world.keeper.drain()
        #expect(events == [.notRevoked(session.id, workspace: "prod", reason: "status 503")])
    }

    @Test("there are so many at once and so many waiting, and they wait for so long")
    func bounded() async throws {
        let world = World {
            $0.revocationsAtOnce = 2
            $0.revocationsWaiting = 3
        }
        let (gate, open) = AsyncStream<Void>.makeStream()
        let running = Atomic(0)
        let most = Atomic(0)
        let hold = Task { for await _ in gate {} }
        world.provider.duringRevocations {
            most.max(running.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
            await hold.value
            running.subtract(1, ordering: .relaxed)
        }
        var sessions: [Session] = []
        for _ in 0..<8 { sessions.append(try await world.begin()) }
        for session in sessions { try await world.keeper.end(session.id) }
        world.clock.advance(.seconds(60))
        open.finish()
        await world.keeper.drain()
        #expect(most.load(ordering: .relaxed) <= 2)
        let reasons = world.events.all.compactMap { event in
            if case .notRevoked(_, _, let reason) = event { reason } else { nil }
        }
        #expect(Set(reasons) == ["too many revocations wait", "the provider was too slow for those before it"])
        #expect(reasons.count + world.provider.revoked.count == 8)
    }

    @Test("a record that does not open has a token that nobody knows")
    func unreadable() async throws {
        let id = SessionID(high: 1, low: 2)
        world.store.put(StoredRecord(generation: 1, bytes: [1]), .session(id))
        try await world.keeper.end(id)
        #expect(events == [.notRevoked(id, workspace: "", reason: "the record does not open")])
    }
}
