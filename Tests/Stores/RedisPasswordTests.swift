import Basics
import Foundation
import NIOPosix
import RedisServer
import Sessions
import Synchronization
import Testing

@testable import Stores

/// A password that is changed while commands run.
@Suite(.timeLimit(.minutes(1)))
struct RedisPasswordTests {
    private let name = RecordName("lakegate:{one}:session", isAnnounced: true)

    @Test func theFormerOneMayBeRemovedWhileCommandsRun() async throws {
        let server = try RedisServer(try RedisServer.rights(password: "old"))
        try await server.untilUp()
        let (file, news) = (Kept("old"), Told())
        let store = await connect(server, file) { event in news.add(event) }
        try await untilUp(store)
        let traffic = Traffic(store, name)
        try await traffic.isUnderWay()
        try server.command("ACL", "SETUSER", "lakegate", ">new")
        file.password = "new"
        try await news.until(.passwordTaken)
        try server.command("ACL", "SETUSER", "lakegate", "<old")
        try await whileListening(server, store)
        #expect(try await traffic.end() > 0)
        let outages = news.all.filter { if case .lost = $0 { true } else { false } }
        #expect(outages.isEmpty)
        try server.command("CLIENT", "KILL", "USER", "lakegate")
        try await untilUp(store)
        await store.shutDown()
    }

    /// The connection that hears changes is made again, and hears.
    private func whileListening(_ server: RedisServer, _ store: RedisStore) async throws {
        let heard = Mutex(false)
        store.listen { if case .ended = $0 { heard.withLock { $0 = true } } }
        while !heard.withLock({ $0 }) {
            let other = RecordName("lakegate:{\(UInt64.random(in: 0 ... .max))}:session", isAnnounced: true)
            try await store.end(other, life: .seconds(60))
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Redis has not been told yet: what is open stays open, and it is tried again.
    @Test func aPasswordThatIsNotAcceptedYetIsOfferedAgain() async throws {
        let server = try RedisServer(try RedisServer.rights(password: "old"))
        try await server.untilUp()
        let (file, news) = (Kept("old"), Told())
        let store = await connect(server, file) { event in news.add(event) }
        try await untilUp(store)
        file.password = "new"
        try await news.until(.refused(.refused("the server answers WRONGPASS to the password in /the/file")))
        try await store.ping()
        try server.command("ACL", "SETUSER", "lakegate", ">new")
        try await news.until(.passwordTaken)
        await store.shutDown()
    }

    @Test func aWrongOneIsToldByItsFile() async throws {
        let server = try RedisServer(try RedisServer.rights(password: "right"))
        try await server.untilUp()
        let file = Kept("wrong")
        let store = await connect(server, file) { _ in }
        let expected = StoreError.refused("the server answers WRONGPASS to the password in /the/file")
        await #expect(throws: expected) { try await store.ping() }
        file.password = nil
        while await outcome({ try await store.ping() }).failure != .refused("gone") {
            try await Task.sleep(for: .milliseconds(20))
        }
        file.password = "right"
        try await untilUp(store)
        await store.shutDown()
    }

    private func connect(
        _ server: RedisServer, _ file: Kept, onNews: @escaping @Sendable (RedisNews) -> Void
    ) async -> RedisStore {
        var configuration = RedisConfiguration(host: "127.0.0.1", port: server.port)
        configuration.login = RedisLogin(
            username: "lakegate",
            password: .file("/the/file") { file.password.map { .success(Secret($0)) } ?? .failure(.refused("gone")) })
        return await RedisStore.connect(configuration, on: MultiThreadedEventLoopGroup.singleton, onNews: onNews)
    }

    /// Stands for the file.
    private final class Kept: Sendable {
        private let content: Mutex<String?>

        init(_ password: String) {
            content = Mutex(password)
        }

        var password: String? {
            get { content.withLock { $0 } }
            set { content.withLock { $0 = newValue } }
        }
    }

    private final class Told: Sendable {
        private let events = Mutex<[RedisNews]>([])

        var all: [RedisNews] { events.withLock { $0 } }

        func add(_ event: RedisNews) {
            events.withLock { $0.append(event) }
        }

        func until(_ event: RedisNews) async throws {
            while !all.contains(event) { try await Task.sleep(for: .milliseconds(20)) }
        }
    }
}
