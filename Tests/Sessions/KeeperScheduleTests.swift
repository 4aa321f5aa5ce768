import Basics
import Testing

@testable import Sessions

@Suite(.timeLimit(.minutes(1)))
struct KeeperScheduleTests {
    @Test func refreshesAheadOfExpiryWithoutTraffic() async throws {
        let world = World()
        let session = try await world.begin()
        world.clock.advance(.seconds(3600 - 400))
        await world.settle()
        #expect(world.provider.calls == 0)
        world.clock.advance(.seconds(80))
        await world.settle()
        #expect(world.provider.calls == 1)
        for _ in 0..<5 {
            world.clock.advance(.seconds(3300))
            await world.settle()
        }
        #expect(world.provider.calls == 6)
        #expect(try await world.keeper.load(session.id)?.generation == 7)
        #expect(world.provider.replays == 0)
    }

    @Test func neverLetsAShortTokenExpire() async throws {
        let world = World(life: .seconds(20))
        let session = try await world.begin()
        for _ in 0..<200 {
            world.clock.advance(.seconds(1))
            await world.settle()
            let now = world.clock.now
            #expect(try await world.keeper.load(session.id)?.grant.expiresAt ?? now > now)
        }
        #expect((18...25).contains(world.provider.calls))
    }

    @Test func letsGoOfSessionsThatNobodyUses() async throws {
        let world = World { $0.idleAfter = .seconds(7200) }
        let (used, idle) = (try await world.begin(), try await world.begin())
        for _ in 0..<10 {
            world.clock.advance(.seconds(3300))
            world.keeper.touch(used.id)
            await world.settle()
        }
        #expect(world.keeper.heldCount == 1)
        #expect(world.events.all.contains(.letGo(idle.id)))
        #expect(try await world.keeper.load(idle.id) != nil)
        #expect(world.keeper.heldCount == 2)
    }

    @Test func manyDueSessionsAreRefreshedAFewAtATime() async throws {
        let world = World { ($0.refreshesAtOnce, $0.refreshesAtOnePlace) = (8, 4) }
        for _ in 0..<40 { _ = try await world.begin() }
        let running = Log<Int>()
        world.provider.duringCalls {
            running.add(1)
            try? await Task.sleep(for: .milliseconds(2))
        }
        world.clock.advance(.seconds(3400))
        world.keeper.tick()
        try await Task.sleep(for: .milliseconds(1))
        #expect(running.all.count <= 4)
        for _ in 0..<60 {
            world.clock.advance(.seconds(1))
            await world.settle()
        }
        #expect(world.provider.calls == 40)
    }

    @Test func aProviderThatAsksForQuietIsLeftAlone() async throws {
        let world = World { $0.refreshesAtOnePlace = 1 }
        let sessions = [try await world.begin(), try await world.begin(), try await world.begin()]
        world.provider.fail(.passing(reason: "429", retryAfter: .seconds(60)))
        world.clock.advance(.seconds(3300))
        await world.settle()
        #expect(world.provider.calls == 1)
        world.provider.fail(nil)
        for _ in 0..<58 {
            world.clock.advance(.seconds(1))
            await world.settle()
        }
        #expect(world.provider.calls == 1)
        for _ in 0..<20 {
            world.clock.advance(.seconds(1))
            await world.settle()
        }
        #expect(world.provider.calls == 4)
        for session in sessions { #expect(try await world.keeper.load(session.id)?.generation == 2) }
    }

    @Test func quietHoldsForOneWorkspaceAndEnds() {
        var rests = ProviderRests(atOnce: 2)
        let now = Timestamp(milliseconds: 1_000_000)
        rests.askedForQuiet("prod", until: now + .seconds(30))
        rests.askedForQuiet("prod", until: now + .seconds(10))
        #expect(rests.nextChance(at: "prod", underWay: 0, now: now) == now + .seconds(30))
        #expect(rests.nextChance(at: "prod", underWay: 0, now: now + .seconds(30)) == nil)
        #expect(rests.nextChance(at: "test", underWay: 1, now: now) == nil)
        #expect(rests.nextChance(at: "test", underWay: 2, now: now) == now + .seconds(1))
    }

    @Test func endsSessionsWhenTheirTimeIsUp() async throws {
        let world = World()
        let session = try await world.begin(lifetime: .seconds(600))
        world.clock.advance(.seconds(600))
        await world.settle()
        #expect(world.seen.ends.all == [session.id])
        #expect(try await world.keeper.load(session.id) == nil)
    }

    @Test func aSessionWithoutRefreshTokenEndsWithItsAccessToken() async throws {
        let world = World()
        var grant = world.provider.firstGrant()
        grant.refreshToken = nil
        let person = Person(id: "1", userName: "a", displayName: "A")
        let session = try await world.keeper.begin(
            workspace: "prod", person: person, grant: grant, lifetime: .seconds(86_400)
        ).session
        #expect(session.endsAt == grant.expiresAt)
        await #expect(throws: SessionError.loginNeeded(reason: "the session has no refresh token")) {
            try await world.keeper.renew(session.id, after: 1)
        }
        #expect(world.provider.calls == 0)
    }
}
