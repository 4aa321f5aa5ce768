import Basics
import Foundation
import NIOPosix
import RedisServer
import Sessions
import Synchronization
import Testing

@testable import Stores

/// Against a real redis-server.
@Suite(.timeLimit(.minutes(2)))
struct RedisStoreTests {
    private let name = RecordName("lakegate:{one}:test")
    private let record = StoredRecord(generation: 1, bytes: [1, 2, 3])

    @Test func behavesLikeAStore() async throws {
        let server = try RedisServer()
        let store = await connect(server)
        try await untilUp(store)
        try await StoreBehaviour(store: store, letTimePass: { try await Task.sleep(for: $0) }).run()
        await store.shutDown()
    }

    @Test func isToldAgainAfterTheServerWasAway() async throws {
        let server = try RedisServer()
        let store = await connect(server)
        let doubts = Mutex(0)
        store.listen { if $0 == .mayHaveMissed { doubts.withLock { $0 += 1 } } }
        try await untilUp(store)
        server.kill()
        let before = doubts.withLock { $0 }
        try server.start()
        try await untilUp(store)
        while doubts.withLock({ $0 }) == before { try await Task.sleep(for: .milliseconds(5)) }
        await store.shutDown()
    }

    @Test func startsWithoutAServerAndFindsItLater() async throws {
        let server = try RedisServer()
        server.kill()
        let store = await connect(server)
        await #expect(throws: StoreError.self) { try await store.ping() }
        await #expect(throws: StoreError.self) { try await store.read(name) }
        try server.start()
        try await untilUp(store)
        #expect(try await store.read(name) == nil)
        await store.shutDown()
    }

    @Test func comesBackAfterTheServerWasKilled() async throws {
        let server = try RedisServer()
        let store = await connect(server)
        try await untilUp(store)
        server.kill()
        for _ in 0..<5 {
            await #expect(throws: StoreError.self) { try await store.read(name) }
        }
        try server.start()
        try await untilUp(store)
        #expect(try await store.write(name, record, replacing: 0, life: .seconds(9)) == .written)
        await store.shutDown()
    }

    @Test func reportsAServerThatHangsAsTimedOut() async throws {
        let server = try RedisServer()
        let store = await connect(server) { $0.commandTimeout = .milliseconds(300) }
        try await untilUp(store)
        server.signal(SIGSTOP)
        await #expect(throws: StoreError.timedOut) {
            try await store.write(name, record, replacing: 0, life: .seconds(9))
        }
        await #expect(throws: StoreError.self) { try await store.read(name) }
        server.signal(SIGCONT)
        try await untilUp(store)
        await store.shutDown()
    }

    @Test func survivesClientKillAndScriptFlush() async throws {
        let server = try RedisServer()
        let store = await connect(server)
        try await untilUp(store)
        #expect(try server.command("SCRIPT", "FLUSH") == "OK")
        #expect(try await store.write(name, record, replacing: 0, life: .seconds(9)) == .written)
        try server.command("CLIENT", "KILL", "TYPE", "normal")
        try await untilUp(store)
        #expect(try await store.read(name) == record)
        await store.shutDown()
    }

    @Test func givesNameAndPasswordAndDatabase() async throws {
        let server = try RedisServer(["--user", "gate", "on", ">right", "~*", "+@all", "--requirepass", "other"])
        let good = await connect(server) {
            $0.login = RedisLogin(username: "gate", password: .fixed(Secret("right")))
            $0.database = 3
        }
        try await untilUp(good)
        _ = try await good.write(name, record, replacing: 0, life: .seconds(9))
        #expect(try server.command("--no-auth-warning", "-a", "other", "-n", "3", "EXISTS", name.text) == "1")
        let wrong = await connect(server) { $0.login.password = .fixed(Secret("wrong")) }
        let none = await connect(server)
        for (store, code) in [(wrong, "WRONGPASS"), (none, "NOAUTH")] {
            await #expect(throws: StoreError.refused("the server answers \(code)")) { try await store.ping() }
            await store.shutDown()
        }
        await good.shutDown()
    }

    @Test func refusesRecordsThatAreNotRecords() async throws {
        let server = try RedisServer()
        let store = await connect(server)
        try await untilUp(store)
        try server.command("SET", "string", "x")
        try server.command("HSET", "half", "g", "1")
        try server.command("HSET", "strange", "g", "one", "b", "x")
        for name in ["string", "half", "strange"] {
            await #expect(throws: StoreError.self) { try await store.read(RecordName(name)) }
        }
        await store.shutDown()
    }

    @Test("CVE-2021-32785: to Redis, names and what is stored are bytes, whatever they look like")
    func takesNamesAsBytes() async throws {
        let server = try RedisServer()
        let store = await connect(server)
        try await untilUp(store)
        let texts = [
            "%s%n%b", "a\r\nFLUSHALL\r\n", "*1\r\n$8\r\nFLUSHALL\r\n", "a b", "\"a\" 'b'", "\\", "a\0b", "{a}{b}", "*",
            "ä",
            "]] redis.call('FLUSHALL') --[[", "${x}",
        ]
        for (number, text) in texts.enumerated() {
            let record = StoredRecord(generation: UInt64(number + 1), bytes: Array(text.utf8))
            let name = RecordName("lakegate:{\(text)}:session")
            #expect(try await store.write(name, record, replacing: 0, life: .seconds(60)) == .written)
        }
        for (number, text) in texts.enumerated() {
            let found = try await store.read(RecordName("lakegate:{\(text)}:session"))
            #expect(
                found == StoredRecord(generation: UInt64(number + 1), bytes: Array(text.utf8)),
                "\(text.debugDescription)")
        }
        await store.shutDown()
    }

    @Test func countsErrorsAndEndsCleanly() async throws {
        let server = try RedisServer()
        let errors = Mutex(0)
        let configuration = RedisConfiguration(host: "127.0.0.1", port: server.port)
        let store = await RedisStore.connect(configuration, on: MultiThreadedEventLoopGroup.singleton) { _ in
            errors.withLock { $0 += 1 }
        }
        try await untilUp(store)
        let before = errors.withLock { $0 }
        await store.shutDown()
        await #expect(throws: StoreError.self) { try await store.ping() }
        #expect(errors.withLock { $0 } == before + 1)
    }

    @Test func pipelinesManyCommands() async throws {
        let server = try RedisServer()
        let store = await connect(server) { $0.commandTimeout = .seconds(30) }
        try await untilUp(store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<2000 {
                group.addTask { try await writeAndRead(number, store) }
            }
            try await group.waitForAll()
        }
        await store.shutDown()
    }
}

private func writeAndRead(_ number: Int, _ store: RedisStore) async throws {
    let name = RecordName("lakegate:{\(number)}:test")
    let record = StoredRecord(generation: 1, bytes: Array("\(number)".utf8))
    #expect(try await store.write(name, record, replacing: 0, life: .seconds(30)) == .written)
    #expect(try await store.read(name) == record)
}

/// A store on a test's server.
func connect(_ server: RedisServer, _ change: (inout RedisConfiguration) -> Void = { _ in }) async -> RedisStore {
    var configuration = RedisConfiguration(host: "127.0.0.1", port: server.port)
    change(&configuration)
    return await RedisStore.connect(configuration, on: MultiThreadedEventLoopGroup.singleton)
}

/// Waits until the store answers and has looked at the marker, at most ten seconds.
func untilUp(_ store: RedisStore) async throws {
    for _ in 0..<200 {
        if (try? await store.ping()) != nil, store.marker.known != nil { return }
        try await Task.sleep(for: .milliseconds(50))
    }
    try await store.ping()
}
