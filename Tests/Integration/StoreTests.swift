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
            #expect(try await front.ask(request(strangersCookie)).status != 503)
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

    @Test func outlivesItsStore() async throws {
        try await use { front, server in
            let used = try await front.logIn()
            let held = try await front.logIn(as: .grace)
            #expect(try await front.ask(request(used.cookie)).status == 200)
            server.kill()
            #expect(try await front.ask(request(used.cookie)).status == 200)
            #expect(try await front.ask(request(held.cookie)).status == 200)
            let away = try await front.ask(request(strangersCookie))
            #expect(away.status == 503 && away.field("retry-after") == "2")
            let browser = try await front.ask(
                "GET / HTTP/1.1\r\nhost: sim.test\r\naccept: text/html\r\n\(strangersCookie)\r\n")
            #expect(browser.status == 503)
            #expect(try await front.ask("GET / HTTP/1.1\r\nhost: sim.test\r\n\r\n").status == 401)
        }
    }
}
