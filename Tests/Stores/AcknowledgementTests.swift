import Basics
import Foundation
import NIOPosix
import RedisServer
import Sessions
import Synchronization
import Testing

@testable import Stores

/// Against a real master and a real replica.
@Suite(.timeLimit(.minutes(2)))
struct AcknowledgementTests {
    private let name = RecordName("lakegate:{one}:session", isAnnounced: true)
    private let record = StoredRecord(generation: 1, bytes: [1, 2, 3])
    private let news = News()

    @Test func behavesLikeAStore() async throws {
        try await use { store, _, _ async throws in
            try await StoreBehaviour(store: store, letTimePass: { try await Task.sleep(for: $0) }).run()
        }
    }

    @Test func aWriteThatIsAnsweredIsAtTheReplica() async throws {
        try await use { store, _, replica async throws in
            for number in 0..<20 {
                let name = RecordName("lakegate:{\(number)}:session", isAnnounced: true)
                #expect(try await store.write(name, record, replacing: 0, life: .seconds(60)) == .written)
                #expect(try replica.command("EXISTS", name.text) == "1")
            }
            #expect(news.all.allSatisfy { $0 == .acknowledged } && news.all.count == 20)
        }
    }

    @Test func aReplicaThatHangsIsWaitedForAndThenCounted() async throws {
        try await use(patience: .milliseconds(200)) { store, _, replica async throws in
            replica.signal(SIGSTOP)
            #expect(try await store.write(name, record, replacing: 0, life: .seconds(60)) == .written)
            #expect(try await store.read(name) == record)
            #expect(news.unacknowledged == 1)
            try await renewMany(store)
            #expect(news.unacknowledged == 1 + 100)
            replica.signal(SIGCONT)
            repeat {
                try await store.end(name, life: .seconds(60))
            } while news.all.last != .acknowledged
        }
    }

    /// More writes at once than there is time for if each waited on its own.
    private func renewMany(_ store: RedisStore) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask { () async throws in
                    let name = RecordName("lakegate:{many-\(number)}:session", isAnnounced: true)
                    #expect(try await store.write(name, record, replacing: 0, life: .seconds(60)) == .written)
                }
            }
            try await group.waitForAll()
        }
    }

    /// Reads and logins under way go over a connection that nothing holds up, and wait for nobody.
    @Test func nobodyWaitsForWhatMayBeForgotten() async throws {
        try await use { store, _, replica async throws in
            replica.signal(SIGSTOP)
            let flow = RecordName("lakegate:{flow}:flow")
            #expect(try await store.write(flow, record, replacing: 0, life: .seconds(60)) == .written)
            #expect(try await store.take(flow) == record)
            #expect(news.all.isEmpty)
        }
    }

    @Test func whatWritesNothingIsNotCounted() async throws {
        try await use { store, _, _ async throws in
            #expect(try await store.write(name, record, replacing: 7, life: .seconds(60)) == .conflict(current: 0))
            #expect(news.all.isEmpty)
        }
    }

    private func use(
        patience: Duration = .seconds(2), _ body: (RedisStore, RedisServer, RedisServer) async throws -> Void
    ) async throws {
        let rights = try RedisServer.rights(password: "right")
        let master = try RedisServer(["--repl-diskless-sync-delay", "0"] + rights)
        try await master.untilUp()
        let replica = try RedisServer(["--replicaof", "127.0.0.1", "\(master.port)"] + rights)
        // Until the replica has said for the first time how far it is, nothing is acknowledged.
        while try master.command("WAIT", "1", "1000") != "1" { try await Task.sleep(for: .milliseconds(50)) }
        var configuration = RedisConfiguration(host: "127.0.0.1", port: master.port)
        configuration.login = RedisLogin(username: "lakegate", password: .fixed(Secret("right")))
        configuration.acknowledgement = RedisAcknowledgement(replicas: 1, patience: patience)
        let store = await RedisStore.connect(configuration, on: MultiThreadedEventLoopGroup.singleton) { _ in
        } onNews: { [news] in
            news.add($0)
        }
        try await untilUp(store)
        try await body(store, master, replica)
        await store.shutDown()
    }

    private final class News: Sendable {
        private let told = Mutex<[RedisNews]>([])

        var all: [RedisNews] { told.withLock { $0 } }

        var unacknowledged: Int {
            all.reduce(0) { sum, event in
                if case .unacknowledged(let writes, _) = event { sum + writes } else { sum }
            }
        }

        func add(_ event: RedisNews) {
            told.withLock { $0.append(event) }
        }
    }
}
