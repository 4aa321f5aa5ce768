import Basics
import Testing

@testable import Sessions

@Suite(.timeLimit(.minutes(1)))
struct KeeperRefreshTests {
    @Test func manyWhoAskShareOneRefresh() async throws {
        let world = World()
        let session = try await world.begin()
        world.provider.duringCalls { try? await Task.sleep(for: .milliseconds(30)) }
        let renewed = try await withThrowingTaskGroup(of: Session.self) { group in
            for _ in 0..<200 {
                group.addTask { try await world.keeper.renew(session.id, after: session.generation) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(world.provider.calls == 1)
        #expect(Set(renewed.map(\.generation)) == [2])
        let late = try await world.keeper.renew(session.id, after: 1)
        #expect(late.generation == 2)
        #expect(world.provider.calls == 1)
        #expect(world.seen.generations.all == [1, 2])
    }

    /// Who a session belongs to was asked of the workspace at login; nothing in a renewal says otherwise.
    @Test("CVE-2021-41230, mod_auth_openidc 2026-07-31: a renewal makes nobody else of a person")
    func aRenewalChangesNobody() async throws {
        let world = World()
        let session = try await world.begin()
        let renewed = try await world.keeper.renew(session.id, after: session.generation)
        #expect(renewed.person == session.person && renewed.workspace == session.workspace)
        #expect(
            renewed.id == session.id && renewed.endsAt == session.endsAt
                && renewed.keys.map(\.digest) == session.keys.map(\.digest))
        #expect(renewed.grant.accessToken.reveal() != session.grant.accessToken.reveal())
    }

    @Test func aClientThatGoesAwayDoesNotTakeTheRefreshAlong() async throws {
        let world = World()
        let session = try await world.begin()
        world.provider.duringCalls { try? await Task.sleep(for: .milliseconds(50)) }
        let client = Task { try await world.keeper.renew(session.id, after: 1) }
        try await Task.sleep(for: .milliseconds(10))
        client.cancel()
        await world.keeper.drain()
        #expect(try await world.keeper.load(session.id)?.generation == 2)
    }

    @Test func aGrantOutlivesTroubleWithTheStore() async throws {
        let world = World()
        let session = try await world.begin()
        world.store.fail { operation, count in
            operation == .write && count <= 20 ? .before(.unavailable("away")) : nil
        }
        await #expect(throws: SessionError.store(.unavailable("away"))) {
            try await world.keeper.renew(session.id, after: 1)
        }
        await world.keeper.drain()
        let stored = try await world.keeper.renew(session.id, after: 1)
        #expect(stored.grant.accessToken.reveal() == "canary-access-2")
        #expect(world.provider.calls == 1)
        #expect(try await world.keeper.load(session.id)?.grant.refreshToken?.reveal() == "canary-refresh-2")
        #expect(world.events.all.contains(.grantWaitsForStore(session.id, .unavailable("away"))))
    }

    @Test func nobodyUsesAGrantBeforeItIsStored() async throws {
        let world = World()
        let session = try await world.begin()
        world.store.fail { operation, count in
            operation == .write && count <= 3 ? .before(.timedOut) : nil
        }
        await #expect(throws: SessionError.self) { try await world.keeper.renew(session.id, after: 1) }
        await world.keeper.drain()
        #expect(world.seen.generations.all == [1, 2])
        #expect(world.store.record(.session(session.id))?.generation == 2)
    }

    @Test func aLostAnswerToTheWriteIsLookedUp() async throws {
        let world = World()
        let session = try await world.begin()
        world.store.fail { operation, count in operation == .write && count == 1 ? .after(.timedOut) : nil }
        #expect(try await world.keeper.renew(session.id, after: 1).generation == 2)
        world.store.fail { operation, count in
            switch (operation, count) {
            case (.write, 1): .after(.timedOut)
            case (.read, 2), (.read, 3): .before(.timedOut)
            default: nil
            }
        }
        #expect(try await world.keeper.renew(session.id, after: 2).generation == 3)
        #expect(world.provider.calls == 2)
        #expect(world.provider.replays == 0)
    }

    @Test func withoutTheStoreNothingIsSpent() async throws {
        let world = World()
        let session = try await world.begin()
        world.store.fail { _, _ in .before(.timedOut) }
        await #expect(throws: SessionError.store(.timedOut)) { try await world.keeper.renew(session.id, after: 1) }
        #expect(try await world.keeper.load(session.id)?.generation == 1, "what is held goes on")
        let replica = SessionKeeper(world.keeper.parts)
        await #expect(throws: SessionError.store(.timedOut)) { try await replica.load(session.id) }
        #expect(world.provider.calls == 0)
        world.store.fail { _, _ in nil }
        world.clock.advance(.seconds(2))
        #expect(try await world.keeper.renew(session.id, after: 1).generation == 2)
    }

    @Test func aKeyAddedDuringTheRefreshIsKept() async throws {
        let world = World()
        let session = try await world.begin()
        world.provider.duringCalls {
            _ = try? await world.keeper.addKey(to: session.id, label: "sdk", lifetime: .seconds(60))
        }
        let renewed = try await world.keeper.renew(session.id, after: 1)
        #expect(renewed.generation == 3)
        #expect(renewed.grantGeneration == 3)
        #expect(renewed.keys.count == 2)
        #expect(world.provider.calls == 1)
    }

    @Test func aDeadGrantAsksForALoginAndKeepsTheRecord() async throws {
        let world = World()
        let session = try await world.begin()
        world.provider.fail(.grantIsDead(reason: "revoked"))
        for _ in 0..<3 {
            await #expect(throws: SessionError.loginNeeded(reason: "revoked")) {
                try await world.keeper.renew(session.id, after: 1)
            }
        }
        #expect(world.provider.calls == 1)
        let kept = try await world.keeper.load(session.id)
        #expect(kept?.standing == .loginNeeded(reason: "revoked"))
        #expect(world.seen.generations.all == [1, 2])
    }

    @Test func aDeadGrantIsNotBelievedWhenSomebodyElseHasRefreshed() async throws {
        let world = World()
        let session = try await world.begin()
        let replica = SessionKeeper(world.keeper.parts)
        world.provider.duringCalls { [once = Log<Int>()] in
            guard once.all.isEmpty else { return }
            once.add(1)
            _ = try? await replica.renew(session.id, after: 1)
        }
        let renewed = try await world.keeper.renew(session.id, after: 1)
        #expect(renewed.generation == 2)
        #expect(renewed.standing == .active)
    }

    @Test func aReplyWithoutRefreshTokenKeepsTheOldOne() async throws {
        let world = World()
        let session = try await world.begin()
        world.provider.leaveOutRefreshToken()
        let renewed = try await world.keeper.renew(session.id, after: 1)
        #expect(renewed.grant.refreshToken?.reveal() == "canary-refresh-1")
        #expect(renewed.grant.accessToken.reveal() == "canary-access-2")
    }

    @Test func aPassingFailureKeepsTheSessionAndIsNotHammered() async throws {
        let world = World()
        let session = try await world.begin()
        world.provider.fail(.passing(reason: "503", retryAfter: .seconds(30)))
        for _ in 0..<50 {
            await #expect(throws: SessionError.self) { try await world.keeper.renew(session.id, after: 1) }
        }
        #expect(world.provider.calls == 1)
        world.clock.advance(.seconds(29))
        await world.settle()
        #expect(world.provider.calls == 1)
        world.provider.fail(nil)
        world.clock.advance(.seconds(2))
        await world.settle()
        #expect(try await world.keeper.load(session.id)?.generation == 2)
    }

    @Test func aSessionThatEndsDuringTheRefreshStaysDead() async throws {
        let world = World()
        let session = try await world.begin()
        world.provider.duringCalls { _ = try? await world.keeper.end(session.id) }
        await #expect(throws: SessionError.unknownSession) { try await world.keeper.renew(session.id, after: 1) }
        #expect(try await world.keeper.load(session.id) == nil)
        #expect(world.store.record(.session(session.id)) == nil)
        #expect(world.seen.ends.all == [session.id])
    }

    @Test func aTokenOfAClientThatIsNotConfiguredIsNotSpentAndNotLost() async throws {
        let world = World()
        let session = try await world.begin()
        #expect(try await world.keeper.load(session.id)?.grant.clientID == "app")
        world.provider.forget("app")
        let other = world.another()
        for keeper in [world.keeper, other, other] {
            let failure = await #expect(throws: SessionError.self) { try await keeper.renew(session.id, after: 1) }
            guard case .loginNeeded = failure else { return #expect(Bool(false), "\(String(describing: failure))") }
        }
        #expect(try await world.keeper.load(session.id)?.standing == .active)
        world.provider.remember("app")
        #expect(try await world.keeper.renew(session.id, after: 1).generation == 2)
        #expect(world.provider.calls == 1)
    }
}
