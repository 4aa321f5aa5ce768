import Basics
import Foundation
import RedisServer
import Settings
import Testing

@testable import lakegate

/// Sessions in a real Redis.
@Suite(.timeLimit(.minutes(2)))
struct StoreTests {
    private func use(_ body: (Front, RedisServer) async throws -> Void) async throws {
        let server = try RedisServer()
        var options = Front.Options()
        options.eventLoops = 1
        options.store = .redis(
            RedisSettings(
                endpoint: Endpoint(host: "127.0.0.1", port: server.port), username: nil, password: nil, database: 0))
        try await server.untilUp()
        try await Front.use(options) { try await body($0, server) }
    }

    private func request(_ cookie: String) -> String {
        "GET /api/2.1/clusters/list HTTP/1.1\r\nhost: sim.test\r\n\(cookie)\r\n"
    }

    /// The cookie of a session that nobody has begun here.
    private var strangersCookie: String {
        "cookie: __Host-lakegate=lkg_\(String(repeating: "A", count: 64))\r\n"
    }

    @Test func asksTheStoreOnceForAThousandRequests() async throws {
        try await use { front, server in
            let key = try await front.logIn()
            let client = try await front.connect()
            client.send(request(key.cookie))
            #expect(try await client.takeAnswer().status == 200)
            let (before, begun) = (try server.calls(of: "hmget"), ContinuousClock.now)
            for _ in 0..<20 {
                client.send(String(repeating: request(key.cookie), count: 50))
                for _ in 0..<50 { #expect(try await client.takeAnswer().status == 200) }
            }
            // A session in use is compared with the store every five seconds.
            let comparisons = Int(begun.duration(to: .now).components.seconds) / 5 + 1
            #expect(try server.calls(of: "hmget") - before <= comparisons)
        }
    }

    @Test func tellsOnceThatRedisIsAwayAndOnceThatItIsBack() async throws {
        try await use { front, server in
            let told = { (text: String) in front.log.lines.filter { $0.contains("the store of sessions \(text)") } }
            server.kill()
            for _ in 0..<20 { #expect(try await front.ask(request(strangersCookie)).status == 503) }
            try await eventually("a line about the loss") { !told("is away").isEmpty }
            #expect(told("is away")[0].contains("127.0.0.1:\(server.port)"))
            try server.start()
            try await eventually("a line about the return") { !told("is back").isEmpty }
            // It has lost its data. Who had seen its marker before calls nobody a stranger for ten seconds.
            #expect([401, 503].contains(try await front.ask(request(strangersCookie)).status))
            #expect(told("is away").count == 1 && told("is back").count == 1 && told("failed").count <= 1)
            let counted = try #require(told("is back")[0].firstMatch(of: /"failures": (\d+)/)?.1)
            #expect(Int(counted).map { $0 >= 19 } == true)
            #expect(told("is back")[0].contains(/"after": \d+\.\d s/))
        }
    }

    @Test func failuresOfARedisThatIsThereFillNoLog() {
        let log = CollectedLog()
        let (news, start) = (StoreNews(server: "redis:6379", logger: log.logger), ContinuousClock.now)
        for second in 0..<100 { news.failed(.refused("the server answers OOM"), at: start + .seconds(second)) }
        #expect(log.lines.count == 2)
        #expect(log.lines[1].contains(#""failures": 60"#))
    }

    /// From the file that the settings name.
    @Test func takesUpAPasswordWhileItRuns() async throws {
        let server = try RedisServer(try RedisServer.rights(password: "old"))
        try await server.untilUp()
        let file = FileManager.default.temporaryDirectory.appending(path: "lakegate-password-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("old\n".utf8).write(to: file)
        var options = Front.Options()
        options.store = .redis(
            RedisSettings(
                endpoint: Endpoint(host: "127.0.0.1", port: server.port), username: "lakegate", password: nil,
                passwordPath: file.path(), database: 0))
        try await Front.use(options) { front in
            let key = try await front.logIn()
            try server.command("ACL", "SETUSER", "lakegate", ">new")
            try Data("new\n".utf8).write(to: file, options: .atomic)
            try await eventually("a line about the password") {
                front.log.lines.contains { $0.contains("the store's password replaced") }
            }
            try server.command("ACL", "SETUSER", "lakegate", "<old")
            #expect(try await front.ask(request(key.cookie)).status == 200)
            _ = try await front.logIn(as: .grace)
            try server.command("CLIENT", "KILL", "USER", "lakegate")
            #expect(try await front.ask(request(key.cookie)).status == 200)
            _ = try await front.logIn(as: .grace)
            #expect(!front.log.lines.contains { $0.contains("the store of sessions failed") })
        }
    }

    @Test func keepsSessionsInACluster() async throws {
        let cluster = try await ServerCluster(options: try RedisServer.rights(password: "right"))
        var options = Front.Options()
        options.store = .redis(
            RedisSettings(
                endpoint: Endpoint(host: "127.0.0.1", port: 1),
                cluster: [Endpoint(host: "127.0.0.1", port: cluster.servers[0].port)], username: "lakegate",
                password: Secret("right"), database: 0))
        try await Front.use(options) { front in
            for _ in 0..<10 {
                let key = try await front.logIn()
                #expect(try await front.ask(request(key.cookie)).status == 200)
            }
            let counts = try cluster.servers.map { try $0.command("DBSIZE") }
            #expect(counts.compactMap { Int($0) }.reduce(0, +) >= 10)
            #expect(try await front.ask(request(strangersCookie)).status == 401)
            cluster.servers[1].kill()
            cluster.servers[2].kill()
            try await eventually("a line about the loss") {
                front.log.lines.contains { $0.contains("the store of sessions is away") }
            }
            for _ in 0..<10 { #expect(try await front.ask(request(strangersCookie)).status != 200) }
        }
    }

    @Test func countsWhatReplicasDoNotHave() async throws {
        let server = try RedisServer()
        try await server.untilUp()
        var options = Front.Options()
        var redis = RedisSettings(
            endpoint: Endpoint(host: "127.0.0.1", port: server.port), username: nil, password: nil, database: 0)
        redis.replicas = RedisReplicaSettings(acknowledgements: 1, patience: .milliseconds(50))
        options.store = .redis(redis)
        try await Front.use(options) { front in
            _ = try await front.logIn()
            _ = try await front.logIn(as: .grace)
            #expect(front.metrics.storeUnacknowledged.value >= 2)
            #expect(front.log.lines.count { $0.contains("replicas of the store do not follow") } == 1)
        }
    }

    @Test func outlivesItsStore() async throws {
        try await use { front, server in
            let used = try await front.logIn()
            let held = try await front.logIn(as: .grace)
            #expect(try await front.ask(request(used.cookie)).status == 200)
            server.kill()
            #expect(try await front.ask(request(used.cookie)).status == 200)
            #expect(try await front.ask(request(held.cookie)).status == 200)
            let away = try await front.ask(request(strangersCookie))
            #expect(away.status == 503 && away.field("retry-after") == "5")
            let browser = try await front.ask(
                "GET / HTTP/1.1\r\nhost: sim.test\r\naccept: text/html\r\n\(strangersCookie)\r\n")
            #expect(browser.status == 503)
            #expect(try await front.ask("GET / HTTP/1.1\r\nhost: sim.test\r\n\r\n").status == 401)
        }
    }
}
