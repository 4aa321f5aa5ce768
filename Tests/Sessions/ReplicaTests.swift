import Basics
import Testing

@testable import Sessions

@Suite("Several replicas on one store", .timeLimit(.minutes(1)))
struct ReplicaTests {
    private func until(_ condition: () async throws -> Bool) async rethrows {
        while try await !condition() { await Task.yield() }
    }

    @Test func manyReplicasSpendOnce() async throws {
        let world = World()
        let session = try await world.begin()
        world.provider.duringCalls { try? await Task.sleep(for: .milliseconds(30)) }
        let replicas = [world.keeper] + (0..<4).map { _ in SessionKeeper(world.keeper.partsOfAnother) }
        let generations = await withTaskGroup(of: UInt64.self) { group in
            for replica in replicas {
                for _ in 0..<20 {
                    group.addTask {
                        while true {
                            if let found = try? await replica.renew(session.id, after: 1) { return found.generation }
                            await Task.yield()
                        }
                    }
                }
            }
            return await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(generations == [2] && world.provider.calls == 1 && world.provider.replays == 0)
    }

    @Test func anAnswerThatWasLostIsNotReplayedBeforeItsTime() async throws {
        let world = World()
        let session = try await world.begin()
        world.provider.fail(.answerLost(reason: "no answer"))
        await #expect(throws: SessionError.self) { try await world.keeper.renew(session.id, after: 1) }
        world.provider.fail(nil)
        let other = SessionKeeper(world.keeper.partsOfAnother)
        for _ in 0..<7 {
            await #expect(throws: SessionError.self) { try await other.renew(session.id, after: 1) }
            world.clock.advance(.seconds(10))
        }
        #expect(world.provider.calls == 1)
        world.clock.advance(.seconds(10))
        #expect(try await other.renew(session.id, after: 1).generation == 2)
        #expect(world.provider.calls == 2)
    }

    @Test func withinTheProvidersGraceItIsRepeatedAtOnce() async throws {
        let world = World { $0.policy.grace = .seconds(30) }
        let session = try await world.begin()
        world.provider.fail(.answerLost(reason: "no answer"))
        await #expect(throws: SessionError.self) { try await world.keeper.renew(session.id, after: 1) }
        world.provider.fail(nil)
        let other = SessionKeeper(world.keeper.partsOfAnother)
        #expect(try await other.renew(session.id, after: 1).generation == 2)
    }

    @Test func aMasterThatIsYoungMayNotKnowOfAnIntent() async throws {
        let world = World()
        let session = try await world.begin()
        let other = SessionKeeper(world.keeper.partsOfAnother)
        world.store.afterNextIntent {
            world.store.failOver()
            for _ in 0..<7 {
                await #expect(throws: SessionError.self) { try await other.renew(session.id, after: 1) }
                world.clock.advance(.seconds(5))
            }
        }
        #expect(try await world.keeper.renew(session.id, after: 1).generation == 2)
        #expect(world.provider.calls == 1 && world.provider.replays == 0)
        await #expect(throws: SessionError.self) { try await other.renew(session.id, after: 2) }
        world.clock.advance(world.keeper.parts.limits.policy.patience)
        #expect(try await other.renew(session.id, after: 2).generation == 3)
    }

    @Test func whoWaitsHearsForHowLongAYoungMasterIsDistrusted() async throws {
        let world = World()
        let session = try await world.begin()
        world.store.failOver()
        world.clock.advance(.seconds(5))
        let left = world.keeper.parts.limits.policy.patience - .seconds(5)
        await #expect(throws: SessionError.refreshFailed("another replica is renewing it", retryAfter: left)) {
            try await world.keeper.renew(session.id, after: 1)
        }
        #expect(world.provider.calls == 0)
    }

    @Test func withinTheProvidersGraceAYoungMasterDelaysNothing() async throws {
        let world = World { $0.policy.grace = .seconds(30) }
        let session = try await world.begin()
        world.store.failOver()
        #expect(try await world.keeper.renew(session.id, after: 1).generation == 2)
    }

    @Test func aProvidersRefusalLeavesNoTrace() async throws {
        let world = World()
        let session = try await world.begin()
        world.provider.fail(.passing(reason: "503", retryAfter: nil))
        await #expect(throws: SessionError.self) { try await world.keeper.renew(session.id, after: 1) }
        world.provider.fail(nil)
        let other = SessionKeeper(world.keeper.partsOfAnother)
        #expect(try await other.renew(session.id, after: 1).generation == 2)
    }

    @Test func whatAnotherReplicaWroteIsHeardOf() async throws {
        let world = World()
        let session = try await world.begin()
        let other = SessionKeeper(world.keeper.partsOfAnother)
        #expect(try await other.renew(session.id, after: 1).generation == 2)
        world.store.tell(.written(.session(session.id), generation: 2))
        await until { world.seen.generations.all == [1, 2] }
        try await other.end(session.id)
        #expect(world.seen.ends.all == [session.id])
        await #expect(throws: SessionError.unknownSession) { try await world.keeper.renew(session.id, after: 2) }
    }

    @Test func aChangeThatNobodyHeardOfIsFoundAtTheNextUse() async throws {
        let world = World()
        let session = try await world.begin()
        let other = SessionKeeper(world.keeper.partsOfAnother)
        _ = try await other.renew(session.id, after: 1)
        world.keeper.touch(session.id)
        #expect(world.seen.generations.all == [1])
        world.clock.advance(.seconds(5))
        world.keeper.touch(session.id)
        await until { world.seen.generations.all == [1, 2] }
    }

    @Test func aStoreThatLostItsDataGetsBackWhatIsHeld() async throws {
        let world = World()
        let session = try await world.begin()
        _ = try await world.keeper.renew(session.id, after: 1)
        let older = world.store.record(.session(session.id))
        _ = try await world.keeper.renew(session.id, after: 2)
        for lost in [nil, older] {
            world.store.put(lost, .session(session.id))
            world.clock.advance(.seconds(5))
            world.keeper.touch(session.id)
            await until { world.store.record(.session(session.id))?.generation == 3 }
            world.store.put(lost, .session(session.id))
            #expect(try await world.keeper.load(session.id)?.generation == 3)
            #expect(world.store.record(.session(session.id))?.generation == 3)
        }
        world.store.put(nil, .session(session.id))
        await #expect(throws: SessionError.self) { try await world.keeper.renew(session.id, after: 3) }
        world.clock.advance(.seconds(80))
        #expect(try await world.keeper.renew(session.id, after: 3).generation == 4)
        #expect(world.provider.replays == 0)
        #expect(world.events.all.contains(.restored(session.id)))
    }

    @Test func whatNobodyUsesIsRestoredToo() async throws {
        let world = World()
        let sessions = [try await world.begin(), try await world.begin(), try await world.begin()]
        for session in sessions { world.store.put(nil, .session(session.id)) }
        world.store.tell(.mayHaveMissed)
        world.keeper.tick()
        for session in sessions {
            await until { world.store.record(.session(session.id))?.generation == 1 }
        }
    }

    @Test func aLossThatOneUseShowsIsLookedForInAll() async throws {
        let world = World()
        let (used, idle) = (try await world.begin(), try await world.begin())
        for session in [used, idle] { world.store.put(nil, .session(session.id)) }
        world.clock.advance(.seconds(5))
        world.keeper.touch(used.id)
        await until { world.store.record(.session(used.id)) != nil }
        world.keeper.tick()
        await until { world.store.record(.session(idle.id)) != nil }
    }

    @Test func whoIsSpendingWhileTheStoreLosesItsDataStoresWhatItGets() async throws {
        let world = World()
        let session = try await world.begin()
        let other = SessionKeeper(world.keeper.partsOfAnother)
        _ = try await other.load(session.id)
        world.provider.duringCalls {
            world.store.put(nil, .session(session.id))
            await #expect(throws: SessionError.self) { try await other.renew(session.id, after: 1) }
        }
        #expect(try await world.keeper.renew(session.id, after: 1).generation == 2)
        #expect(world.store.record(.session(session.id))?.generation == 2)
        #expect(world.provider.calls == 1)
    }

    @Test func whatHasEndedIsNotRestored() async throws {
        let world = World()
        let session = try await world.begin()
        let deaf = SessionKeeper(world.keeper.partsOfAnother)
        _ = try await deaf.load(session.id)
        try await world.store.end(.session(session.id), life: .seconds(60))
        #expect(try await world.keeper.load(session.id) == nil)
        await #expect(throws: SessionError.unknownSession) { try await deaf.renew(session.id, after: 1) }
        #expect(world.store.record(.session(session.id)) == nil && world.provider.calls == 0)
    }

    @Test func aReplicaThatWasStoppedAfterItsIntentAsksAgain() async throws {
        let world = World()
        let session = try await world.begin()
        let other = SessionKeeper(world.keeper.partsOfAnother)
        world.store.afterNextIntent {
            world.clock.advance(.seconds(60))
            _ = try? await other.load(session.id)
        }
        #expect(try await world.keeper.renew(session.id, after: 1).generation == 2)
        #expect(world.provider.calls == 1)
    }
}

extension SessionKeeper {
    /// The same parts for another replica.
    fileprivate var partsOfAnother: KeeperParts {
        KeeperParts(
            records: parts.records, refresher: parts.refresher, clock: parts.clock, random: .system,
            pause: parts.pause, uptime: parts.uptime, limits: parts.limits, report: parts.report)
    }
}
