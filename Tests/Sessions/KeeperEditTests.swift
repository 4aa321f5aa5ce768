import Basics
import Testing

@testable import Sessions

@Suite(.timeLimit(.minutes(1)))
struct KeeperEditTests {
    private let person = Person(id: "1", userName: "ann@example.com", displayName: "Ann")

    @Test func aTokenOpensItsSession() async throws {
        let world = World()
        let issued = try await world.keeper.begin(
            workspace: "prod", person: person, grant: world.provider.firstGrant(), lifetime: .seconds(60))
        let text = Array(issued.token.reveal().utf8)
        let presented = PresentedToken.parse(text.span.bytes, hasher: SHA256Hasher())
        #expect(presented?.id == issued.session.id)
        #expect(presented?.digest == issued.session.keys.first?.digest)
        #expect(issued.session.keys.first?.kind == .browser)
        #expect(text.count == SessionToken.length)
        #expect(SessionID(text: issued.session.id.text) == issued.session.id)
    }

    @Test func keysComeAndGo() async throws {
        let world = World()
        let session = try await world.begin()
        let added = try await world.keeper.addKey(to: session.id, label: "laptop", lifetime: .seconds(60))
        #expect(added.session.keys.map(\.label) == ["", "laptop"])
        #expect(added.session.keys[1].kind == .token)
        try await world.keeper.removeKey(added.session.keys[1].digest, from: session.id)
        #expect(try await world.keeper.load(session.id)?.keys.count == 1)
        try await world.keeper.removeKey(session.keys[0].digest, from: session.id)
        #expect(try await world.keeper.load(session.id) == nil)
        #expect(world.seen.generations.all == [1, 2, 3, 4])
        #expect(world.seen.ends.all == [session.id])
    }

    @Test func keysAddedAtOnceAreAllKept() async throws {
        let world = World { $0.editAttempts = 100 }
        let session = try await world.begin()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    _ = try? await world.keeper.addKey(to: session.id, label: "\(number)", lifetime: .seconds(60))
                }
            }
        }
        #expect(try await world.keeper.load(session.id)?.keys.count == 21)
        #expect(world.seen.generations.all == world.seen.generations.all.sorted())
    }

    @Test func unknownSessionsAreUnknown() async throws {
        let world = World()
        let id = SessionID(high: 1, low: 2)
        #expect(try await world.keeper.load(id) == nil)
        await #expect(throws: SessionError.unknownSession) { try await world.keeper.renew(id, after: 0) }
        await #expect(throws: SessionError.unknownSession) {
            _ = try await world.keeper.addKey(to: id, label: "", lifetime: .seconds(1))
        }
        try await world.keeper.end(id)
    }

    @Test func loadsAtTheSameTimeReadOnce() async throws {
        let world = World()
        let session = try await world.begin()
        world.store.fail { _, _ in nil }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask { _ = try? await world.keeper.load(session.id) }
            }
        }
        #expect(world.store.count(.read) < 100)
    }

    @Test func aRecordThatDoesNotOpenIsAnErrorAndNotAbsent() async throws {
        let world = World()
        let (one, two) = (try await world.begin(), try await world.begin())
        world.store.put(world.store.record(.session(one.id)), .session(two.id))
        let other = SessionKeeper(world.keeper.parts)
        await #expect(throws: SessionError.self) { try await other.load(two.id) }
        let record = try #require(world.store.record(.session(one.id)))
        world.store.put(StoredRecord(generation: 9, bytes: record.bytes), .session(one.id))
        await #expect(throws: SessionError.self) { try await other.load(one.id) }
        #expect(try await world.keeper.load(one.id)?.generation == 1, "what is held goes on")
    }

    @Test func nothingSecretIsPrinted() async throws {
        let world = World()
        let issued = try await world.keeper.begin(
            workspace: "prod", person: person, grant: world.provider.firstGrant(), lifetime: .seconds(60))
        let hot = HotSessions()
        hot.apply(issued.session)
        let presented = PresentedToken(id: issued.session.id, digest: issued.session.keys[0].digest)
        let found = hot.find(presented, kind: .browser, now: world.clock.now)
        let keyring = Keyring.ephemeral(random: .system)
        let record = try #require(world.store.record(.session(issued.session.id)))
        let shown: [Any] = [issued, issued.session, hot, found, keyring, keyring.active, world.keeper, world.store]
        for value in shown + [record] {
            var text = String(describing: value) + String(reflecting: value)
            dump(value, to: &text)
            #expect(!text.contains("canary"))
            #expect(!text.contains(issued.token.reveal().dropFirst(30)))
            // "canary" as the numbers of a byte array.
            #expect(!text.contains("99, 97, 110, 97, 114, 121"))
            #expect(!text.contains("- 99\n  - 97\n"))
        }
    }
}
