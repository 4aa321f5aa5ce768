import Basics
import Testing

@testable import Sessions

@Suite("All sessions of somebody", .timeLimit(.minutes(1)))
struct KeeperAllTests {
    private let world = World()

    /// Two of Ann's at prod, one at dev, one of Bob's at prod.
    private func people() async throws -> [Session] {
        var sessions: [Session] = []
        for (workspace, user) in [
            ("prod", "ann@example.com"), ("prod", "ann@example.com"), ("dev", "ann@example.com"),
            ("prod", "bob@example.com"),
        ] {
            sessions.append(try await world.begin(workspace: workspace, user: user))
            world.clock.advance(.seconds(1))
        }
        return sessions
    }

    private func alive(_ sessions: [Session], in keeper: SessionKeeper) async throws -> [Bool] {
        var alive: [Bool] = []
        for session in sessions { alive.append(try await keeper.load(session.id) != nil) }
        return alive
    }

    @Test(
        "what is said is what ends, by a replica that has never seen the sessions",
        arguments: [
            (SessionSelection(userName: "Ann@Example.com"), [false, false, false, true]),
            (SessionSelection(userName: "ann@example.com", workspace: "prod"), [false, false, true, true]),
            (SessionSelection(personID: "id of bob@example.com"), [true, true, true, false]),
            (SessionSelection(workspace: "prod"), [false, false, true, false]),
            (SessionSelection(workspace: "Prod"), [true, true, true, true]),
            (SessionSelection(userName: "ann"), [true, true, true, true]),
            (SessionSelection(), [false, false, false, false]),
        ])
    func ends(_ selection: SessionSelection, _ remaining: [Bool]) async throws {
        let sessions = try await people()
        let other = world.another()
        let report = await other.end(all: selection)
        #expect(report == EndReport(ended: remaining.count { !$0 }))
        #expect(try await alive(sessions, in: other) == remaining)
        #expect(try await alive(sessions, in: world.keeper) == remaining, "the one that holds them is told")
        #expect(Set(world.seen.ends.all) == Set(zip(sessions, remaining).filter { !$0.1 }.map(\.0.id)))
        #expect(await other.end(all: selection) == EndReport(), "nothing ends twice")
        #expect(other.heldCount <= remaining.count { $0 }, "a walk takes nothing in")
    }

    @Test("a record that does not open is counted and left alone")
    func unreadable() async throws {
        let sessions = try await people()
        let name = RecordName.session(sessions[0].id)
        let foreign = StoredRecord(generation: 1, bytes: [1, 2, 3])
        world.store.put(foreign, name)
        let other = world.another()
        #expect(await other.end(all: SessionSelection(workspace: "prod")) == EndReport(ended: 2, unreadable: 1))
        #expect(world.store.record(name) == foreign)
        let listing = try await other.list(SessionSelection())
        #expect(listing.unreadable == [sessions[0].id] && listing.sessions.map(\.id) == [sessions[2].id])
        #expect(try await other.end(sessions[0].id), "by its id it can be ended")
        #expect(world.store.record(name) == nil)
    }

    @Test("a store that fails half-way is said to, and what ended has ended")
    func halfWay() async throws {
        let sessions = try await people()
        let other = world.another()
        world.store.fail { operation, number in
            operation == .list && number == 2 ? .before(.timedOut) : nil
        }
        let report = await other.end(all: SessionSelection())
        #expect(report == EndReport(ended: 2, problem: .store(.timedOut)))
        #expect(try await alive(sessions, in: other).count { $0 } == 2)
        world.store.fail { _, _ in nil }
        #expect(await other.end(all: SessionSelection()) == EndReport(ended: 2))
    }

    @Test("a session that one process alone still knows ends, too")
    func held() async throws {
        let sessions = try await people()
        world.store.put(nil, .session(sessions[3].id))
        #expect(await world.keeper.end(all: SessionSelection(userName: "bob@example.com")) == EndReport(ended: 1))
        #expect(try await alive(sessions, in: world.keeper) == [true, true, true, false])
    }

    @Test("what is listed says who, where and how, the eldest first, and holds no token")
    func lists() async throws {
        let sessions = try await people()
        _ = try await world.keeper.addKey(to: sessions[1].id, label: "dbt", lifetime: .seconds(60))
        let other = world.another()
        let all = try await other.list(SessionSelection())
        #expect(all.sessions.map(\.id) == sessions.map(\.id) && !all.isCut && all.unreadable.isEmpty)
        #expect(all.sessions.map(\.sessionTokens) == [0, 1, 0, 0])
        #expect(all.sessions[2].workspace == "dev" && all.sessions[2].userName == "ann@example.com")
        #expect(all.sessions[0].endsAt == sessions[0].endsAt && all.sessions[0].standing == .active)
        #expect(all.sessions[0].renewedAt == sessions[0].grant.obtainedAt)
        let some = try await other.list(SessionSelection(workspace: "prod"), limit: 2)
        #expect(some.isCut && some.sessions.count == 2)
        #expect(!"\(all)".contains("canary"))
    }

    @Test("a session that is over is not listed")
    func over() async throws {
        _ = try await world.begin(lifetime: .seconds(60))
        world.clock.advance(.seconds(60))
        #expect(try await world.another().list(SessionSelection()).sessions.isEmpty)
    }
}
