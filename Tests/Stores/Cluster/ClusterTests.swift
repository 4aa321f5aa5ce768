import Basics
import Foundation
import NIOPosix
import RedisServer
import Sessions
import Synchronization
import Testing

@testable import Stores

/// Against a real Redis Cluster, as the user that the README makes.
@Suite(.timeLimit(.minutes(3)), .serialized)
struct ClusterTests {
    private let record = StoredRecord(generation: 1, bytes: [1, 2, 3])
    private let long = Duration.seconds(600)

    @Test func behavesLikeAStore() async throws {
        let cluster = try await start()
        let store = await connect(to: cluster)
        try await untilUp(store)
        try await StoreBehaviour(store: store, letTimePass: { try await Task.sleep(for: $0) }).run()
        #expect(try await store.calls.masters().count == 3)
        for server in cluster.servers { #expect(try server.calls(of: "hmget") > 0, "each keeps some") }
        await store.shutDown()
    }

    @Test func everyServerLearnsTheScripts() async throws {
        let cluster = try await start()
        let store = await connect(to: cluster)
        try await untilUp(store)
        for server in cluster.servers { try server.command("SCRIPT", "FLUSH") }
        for number in 0..<30 {
            let name = RecordName("lakegate:{\(number)}:session")
            #expect(try await store.write(name, record, replacing: 0, life: long) == .written)
            #expect(try await store.take(name) == record)
        }
        await store.shutDown()
    }

    /// A slot goes from one master to another, key by key, while sessions in it are written, leased and read.
    @Test func aSlotMovesWhileItIsInUse() async throws {
        let cluster = try await start()
        let store = await connect(to: cluster)
        try await untilUp(store)
        let move = try SlotMove(cluster, of: "moving")
        let names = (0..<20).map { RecordName("lakegate:{moving}:\($0)", isAnnounced: true) }
        for name in names { #expect(try await store.write(name, record, replacing: 0, life: long) == .written) }
        let traffic = Traffic(store, RecordName("lakegate:{moving}:traffic"))
        try await traffic.isUnderWay()
        try move.begin()
        let fresh = RecordName("lakegate:{moving}:fresh")
        #expect(try await store.read(fresh) == nil)
        #expect(try await store.write(fresh, record, replacing: 0, life: long) == .written)
        try move.moveHalfTheKeys()
        for name in names { try await renew(store, name) }
        try move.finish()
        for name in names { #expect(try await store.read(name)?.generation == 2) }
        #expect(try await store.read(fresh) == record)
        #expect(try await traffic.end() > 0)
        #expect(try move.count(of: "ASK") > 0)
        #expect(try move.count(of: "MOVED") > 0)
        await store.shutDown()
    }

    private func renew(_ store: RedisStore, _ name: RecordName) async throws {
        guard case .granted(let lease, record, nil) = try await store.lease(name, owner: "me", life: long) else {
            Issue.record("no lease")
            return
        }
        #expect(try await store.intend(lease, digest: "spent", life: long))
        let renewed = StoredRecord(generation: 2, bytes: [4])
        #expect(try await store.commit(lease, renewed, replacing: 1, life: long) == .written)
    }

    /// Nothing that a replica has is ever missing.
    @Test func aReplicaTakesOver() async throws {
        let cluster = try await start(replicas: 1)
        let store = await connect(
            to: cluster, change: { $0.acknowledgement = .init(replicas: 1, patience: .milliseconds(200)) })
        try await untilUp(store)
        let names = (0..<30).map { RecordName("lakegate:{\($0)}:session", isAnnounced: true) }
        for name in names { #expect(try await store.write(name, record, replacing: 0, life: long) == .written) }
        // On a busy machine a replica may need longer than it is waited for.
        while try cluster.servers.reduce(0, { try $0 + (Int($1.command("DBSIZE")) ?? 0) }) < 2 * names.count {
            try await Task.sleep(for: .milliseconds(20))
        }
        let master = try cluster.master(of: KeySlot.of(Array(names[0].text.utf8)))
        master.kill()
        var failures = 0
        while true {
            let outcome = await outcome { try await store.read(names[0]) }
            if case .success(let found) = outcome {
                #expect(found == record, "never absent")
                break
            }
            failures += 1
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(failures > 0)
        #expect(await store.ageOfMaster(of: names[0]) != nil)
        try await untilUp(store)
        for name in names { try await renew(store, name) }
        try master.start()
        try await cluster.untilWell()
        for name in names { #expect(try await store.read(name)?.generation == 2) }
        await store.shutDown()
    }

    @Test func changesAreHeardFromAnotherServerWhenOneDies() async throws {
        let cluster = try await start(replicas: 1)
        let store = await connect(to: cluster)
        let heard = Mutex<[StoreChange]>([])
        store.listen { change in heard.withLock { $0.append(change) } }
        try await untilUp(store)
        let post = try await listeningPost(cluster)
        let doubts = heard.withLock { $0.count }
        post.kill()
        while heard.withLock({ $0.count }) == doubts { try await Task.sleep(for: .milliseconds(20)) }
        try await untilUp(store)
        let name = RecordName("lakegate:{one}:session", isAnnounced: true)
        #expect(try await store.write(name, record, replacing: 0, life: long) == .written)
        while !heard.withLock({ $0.contains(.written(name, generation: 1)) }) {
            try await Task.sleep(for: .milliseconds(20))
        }
        await store.shutDown()
    }

    private func listeningPost(_ cluster: ServerCluster) async throws -> RedisServer {
        while true {
            for server in cluster.servers {
                if try !server.command("CLIENT", "LIST", "TYPE", "pubsub").isEmpty { return server }
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test func slotsWithoutAMasterAreNotReady() async throws {
        let cluster = try await start()
        let news = Mutex<[RedisNews]>([])
        let store = await connect(to: cluster, onNews: { event in news.withLock { $0.append(event) } })
        try await untilUp(store)
        let name = RecordName("lakegate:{one}:session")
        let keeper = try cluster.master(of: KeySlot.of(Array(name.text.utf8)))
        keeper.kill()
        try await untilDown(store)
        await #expect(throws: StoreError.self) { try await store.read(name) }
        try keeper.start()
        try await untilUp(store)
        #expect(try await store.read(name) == nil, "it kept nothing on disk")
        while news.withLock({ $0.count }) < 2 { try await Task.sleep(for: .milliseconds(20)) }
        guard case .lost = news.withLock({ $0[0] }), case .back = news.withLock({ $0[1] }) else {
            Issue.record("told otherwise: \(news.withLock { $0 })")
            return
        }
        try keeper.command("CLUSTER", "DELSLOTS", "\(KeySlot.of(Array(name.text.utf8)))")
        try await untilDown(store)
        await #expect(throws: StoreError.self) { try await store.read(name) }
        await store.shutDown()
    }

    @Test func oneServerAloneIsNoCluster() async throws {
        let server = try RedisServer()
        try await server.untilUp()
        var configuration = RedisConfiguration(host: "127.0.0.1", port: server.port)
        configuration.cluster = [RedisServerAddress(host: "127.0.0.1", port: server.port)]
        let store = await RedisStore.connect(configuration, on: MultiThreadedEventLoopGroup.singleton)
        let expected = StoreError.refused("127.0.0.1:\(server.port) is not part of a Redis Cluster")
        while await outcome({ try await store.ping() }).failure != expected {
            try await Task.sleep(for: .milliseconds(20))
        }
        await store.shutDown()
    }

    @Test func aServerOfAClusterAloneIsRefused() async throws {
        let cluster = try await start()
        let store = await StoresTests.connect(cluster.servers[0])
        try await untilUp(store)
        let outcomes = await outcomes(store)
        #expect(outcomes.contains(.refused("the server is one of a cluster: write redis+cluster://")))
        await store.shutDown()
    }

    private func outcomes(_ store: RedisStore) async -> [StoreError] {
        var found: [StoreError] = []
        for number in 0..<30 {
            let name = RecordName("lakegate:{\(number)}:x")
            if let failure = await outcome({ try await store.read(name) }).failure { found.append(failure) }
        }
        return found
    }

    private func start(replicas: Int = 0) async throws -> ServerCluster {
        try await ServerCluster(replicas: replicas, options: try RedisServer.rights(password: "right"))
    }

    private func connect(
        to cluster: ServerCluster, onNews: @escaping @Sendable (RedisNews) -> Void = { _ in },
        change: (inout RedisConfiguration) -> Void = { _ in }
    ) async -> RedisStore {
        var configuration = RedisConfiguration(host: "127.0.0.1", port: 1)
        configuration.login = RedisLogin(username: "lakegate", password: .fixed(Secret("right")))
        configuration.cluster = cluster.servers.suffix(2).map { RedisServerAddress(host: "127.0.0.1", port: $0.port) }
        change(&configuration)
        return await RedisStore.connect(
            configuration, on: MultiThreadedEventLoopGroup.singleton, onNews: onNews)
    }

    private func untilDown(_ store: RedisStore) async throws {
        while await outcome({ try await store.ping() }).failure == nil { try await Task.sleep(for: .milliseconds(20)) }
    }
}

/// What an operation of the store ends with.
func outcome<Answer>(_ call: () async throws -> Answer) async -> Result<Answer, StoreError> {
    do {
        return .success(try await call())
    } catch {
        return .failure(error as? StoreError ?? .refused("not an error of the store: \(error)"))
    }
}

extension Result {
    var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
