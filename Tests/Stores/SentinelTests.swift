import Basics
import Foundation
import NIOPosix
import RedisServer
import Sessions
import Synchronization
import Testing

@testable import Stores

/// Against three real Sentinels, a master and two replicas.
@Suite(.timeLimit(.minutes(2)))
struct SentinelTests {
    private let name = RecordName("lakegate:{one}:session", isAnnounced: true)

    private func record(_ generation: UInt64) -> StoredRecord {
        StoredRecord(generation: generation, bytes: [1, 2, 3])
    }

    @Test func followsTheMaster() async throws {
        let master = try RedisServer()
        try await master.untilUp()
        let replicas = try (0..<2).map { _ in try RedisServer(["--replicaof", "127.0.0.1", "\(master.port)"]) }
        let sentinels = try (0..<3).map { _ in try RedisServer(sentinelOf: master, quorum: 2) }
        try await settle(sentinels[0])
        let store = await connect(sentinels)
        try await untilUp(store)
        #expect(try await store.write(name, record(1), replacing: 0, life: .seconds(60)) == .written)
        try await arrive(at: replicas)
        let start = ContinuousClock.now
        master.kill()
        sentinels[0].kill()
        try await untilWritten(store)
        #expect(try await store.read(name) == record(2))
        let age = try #require(await store.ageOfMaster(of: name))
        #expect(age <= ContinuousClock.now - start)
        try await untilOlder(store, than: age)
        let later = await connect(Array(sentinels[1...]))
        try await untilUp(later)
        #expect(try #require(await later.ageOfMaster(of: name)) > .zero)
        await later.shutDown()
        withExtendedLifetime((replicas, sentinels)) {}
        await store.shutDown()
    }

    @Test func aMasterIsAsOldAsItsSentinelsSay() async throws {
        let master = try RedisServer()
        try await master.untilUp()
        let sentinel = try RedisServer(sentinelOf: master, quorum: 1)
        try await sentinel.untilUp()
        try await Task.sleep(for: .seconds(1))
        let store = await connect([sentinel])
        try await untilUp(store)
        #expect(try #require(await store.ageOfMaster(of: name)) >= .seconds(1))
        await store.shutDown()
    }

    /// One that was replaced while it was out of reach goes on as a master, until a Sentinel gets to it.
    @Test func leavesAMasterThatWasReplaced() async throws {
        let (former, latter) = (try RedisServer(), try RedisServer())
        try await former.untilUp()
        try await latter.untilUp()
        let named = NamedMaster(former.port)
        let sentinel = try await StrangeServer { $0 == "SENTINEL" ? named.answer : nil }
        let store = await connect([sentinel.port])
        try await untilUp(store)
        #expect(try await store.write(name, record(1), replacing: 0, life: .seconds(60)) == .written)
        #expect(await store.ageOfMaster(of: name) == nil)
        named.become(latter.port)
        while try latter.command("EXISTS", name.text) != "1" {
            _ = try? await store.write(name, record(1), replacing: 0, life: .seconds(60))
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(await store.ageOfMaster(of: name) != nil)
        await store.shutDown()
        try await sentinel.close()
    }

    @Test func saysThatNoSentinelKnows() async throws {
        let master = try RedisServer()
        try await master.untilUp()
        let sentinel = try RedisServer(sentinelOf: master, quorum: 1)
        try await sentinel.untilUp()
        let store = await connect([sentinel], name: "other")
        await #expect(throws: StoreError.unavailable("the Sentinels know no master of this name")) {
            try await store.ping()
        }
        sentinel.kill()
        await #expect(throws: StoreError.self) { try await store.ping() }
        await store.shutDown()
    }

    @Test func givesAPasswordToSentinelsThatAskForOne() async throws {
        let master = try RedisServer()
        try await master.untilUp()
        let sentinel = try RedisServer(sentinelOf: master, quorum: 1, password: "open")
        let login = { (password: String) in RedisLogin(password: .fixed(Secret(password))) }
        let right = await connect([sentinel], login: login("open"))
        try await untilUp(right)
        let wrong = await connect([sentinel], login: login("shut"))
        await #expect(throws: StoreError.unavailable("a Sentinel lets nobody in: the server answers WRONGPASS")) {
            try await wrong.ping()
        }
        let none = await connect([sentinel])
        await #expect(throws: StoreError.unavailable("a Sentinel lets nobody in: the server answers NOAUTH")) {
            try await none.ping()
        }
        for store in [right, wrong, none] { await store.shutDown() }
    }

    private func connect(
        _ sentinels: [RedisServer], name: String = "trial", login: RedisLogin = RedisLogin()
    ) async -> RedisStore {
        await connect(sentinels.map(\.port), name: name, login: login)
    }

    private func connect(
        _ ports: [Int], name: String = "trial", login: RedisLogin = RedisLogin()
    ) async -> RedisStore {
        var configuration = RedisConfiguration(host: "127.0.0.1", port: 1)
        configuration.sentinels = RedisSentinels(
            servers: ports.map { RedisServerAddress(host: "127.0.0.1", port: $0) }, master: name, login: login)
        return await RedisStore.connect(configuration, on: MultiThreadedEventLoopGroup.singleton)
    }

    /// Until the Sentinels know each other and both replicas.
    private func settle(_ sentinel: RedisServer) async throws {
        try await sentinel.untilUp()
        for _ in 0..<300 {
            let facts = try sentinel.command("SENTINEL", "MASTER", "trial").split(whereSeparator: \.isNewline)
            if value("num-slaves", in: facts) == "2", value("num-other-sentinels", in: facts) == "2" { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("the Sentinels do not find each other")
    }

    private func value(_ key: Substring, in facts: [Substring]) -> Substring? {
        facts.firstIndex(of: key).flatMap { facts.dropFirst($0 + 1).first }
    }

    private func arrive(at replicas: [RedisServer]) async throws {
        for replica in replicas {
            while try replica.command("EXISTS", name.text) != "1" { try await Task.sleep(for: .milliseconds(20)) }
        }
    }

    /// So that what is known at last is what the Sentinels say.
    private func untilOlder(_ store: RedisStore, than age: Duration) async throws {
        while await store.ageOfMaster(of: name) ?? .zero < age + .seconds(2) {
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func untilWritten(_ store: RedisStore) async throws {
        while true {
            if let outcome = try? await store.write(name, record(2), replacing: 1, life: .seconds(60)) {
                return #expect(outcome == .written)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

/// What a Sentinel says about the master.
private final class NamedMaster: Sendable {
    private let port: Mutex<Int>

    init(_ port: Int) {
        self.port = Mutex(port)
    }

    func become(_ other: Int) {
        port.withLock { $0 = other }
    }

    var answer: String {
        let text = String(port.withLock { $0 })
        return "*2\r\n$9\r\n127.0.0.1\r\n$\(text.utf8.count)\r\n\(text)\r\n"
    }
}
