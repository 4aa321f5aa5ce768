import Simulator
import Testing

/// Who a request counts as, and what its workspace gets to see.
@Suite(.timeLimit(.minutes(2)))
struct IdentityTests {
    private let me = "GET /api/2.0/preview/scim/v2/Me HTTP/1.1\r\nhost: sim.test\r\n"

    @Test func forwardsAKnownSessionAsThePersonAndNothingElse() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send(
                "GET /x?q=1 HTTP/1.1\r\nHost: script.test\r\nCookie: a=1; __Host-lakegate=\(key.token.reveal()); b=2\r\n"
                    + "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Host: evil\r\nForwarded: for=6.6.6.6\r\n"
                    + "Connection: keep-alive, x-gone, authorization, host\r\nX-Gone: yes\r\nTE: trailers\r\n"
                    + "X-Kept: yes\r\n\r\n")
            let workspace = try await front.script.accept()
            let head = Answer(try await workspace.takeHead())
            #expect(head.head.hasPrefix("GET /x?q=1 HTTP/1.1\r\n"))
            #expect(head.fields("authorization") == ["Bearer \(key.session.grant.accessToken.reveal())"])
            #expect(head.fields("host") == ["localhost:\(front.script.port)"])
            #expect(head.fields("cookie") == ["a=1; b=2"])
            #expect(head.fields("x-forwarded-for") == ["127.0.0.1"])
            #expect(head.fields("x-forwarded-host") == ["script.test"])
            #expect(head.fields("x-forwarded-proto") == ["https"])
            #expect(head.fields("forwarded").isEmpty && head.fields("x-gone").isEmpty && head.fields("te").isEmpty)
            #expect(head.fields("x-kept") == ["yes"])
            #expect(!head.head.contains("lkg_"))
            workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nset-cookie: __Host-lakegate=x\r\n\r\nhi")
            let answer = try await client.takeAnswer()
            #expect(answer.status == 200 && answer.text == "hi" && answer.fields("set-cookie").isEmpty)
        }
    }

    @Test func answersForWhoAsksWithoutASession() async throws {
        try await Front.use { front in
            let program = try await front.ask(me + "accept: application/json\r\n\r\n")
            #expect(program.status == 401 && program.text.contains("https://sim.test/.lakegate/login"))
            #expect(program.field("content-type") == "application/json")
            let browser = try await front.ask(
                "GET /sql?o=1 HTTP/1.1\r\nhost: sim.test\r\naccept: text/html\r\nsec-fetch-mode: navigate\r\n\r\n")
            #expect(browser.status == 302)
            #expect(browser.field("location") == "/.lakegate/login?return_to=%2Fsql%3Fo%3D1")
            let stranger = try await front.ask("GET / HTTP/1.1\r\nhost: other.test\r\n\r\n")
            #expect(stranger.status == 400)
            let head = try await front.ask("HEAD /x HTTP/1.1\r\nhost: sim.test\r\n\r\n")
            #expect(head.status == 401)
        }
    }

    @Test("CVE-2026-47775, CVE-2024-24814: whatever is wrong with a cookie, the answer is one")
    func refusesCookiesThatOpenNothing() async throws {
        try await Front.use { front in
            let key = try await front.logIn()
            let token = key.token.reveal()
            var forged = Array(token)
            forged[forged.count - 6] = forged[forged.count - 6] == "A" ? "B" : "A"
            for value in [String(forged), "garbage", "", "lkg_", String(token.dropLast()), token + "A", "\"\(token)\""]
            {
                let answer = try await front.ask(me + "cookie: __Host-lakegate=\(value)\r\n\r\n")
                #expect(answer.status == 401, "\(value)")
            }
            let two = try await front.ask(me + "cookie: __Host-lakegate=\(token); __Host-lakegate=\(token)\r\n\r\n")
            #expect(two.status == 400)
            #expect(try await front.ask(me + key.cookie + "\r\n").status == 200)
        }
    }

    @Test func keepsKindsOfKeysAndWorkspacesApart() async throws {
        try await Front.use { front in
            let key = try await front.logIn()
            let token = try await front.token(for: key)
            #expect(try await front.ask(me + "authorization: Bearer \(token)\r\n\r\n").status == 200)
            #expect(try await front.ask(me + "authorization: Bearer \(key.token.reveal())\r\n\r\n").status == 401)
            #expect(try await front.ask(me + "cookie: __Host-lakegate=\(token)\r\n\r\n").status == 401)
            let elsewhere = "GET /api/2.0/preview/scim/v2/Me HTTP/1.1\r\nhost: pass.test\r\n"
            #expect(try await front.ask(elsewhere + "authorization: Bearer \(token)\r\n\r\n").status == 401)
            #expect(try await front.ask(elsewhere + key.cookie + "\r\n").status == 401)
        }
    }

    @Test("CVE-2026-41181, CVE-2022-29226: a bearer of somebody else is judged by the workspace, or refused")
    func passesOrRefusesForeignBearers() async throws {
        try await Front.use { front in
            let own = front.simulator.grant(to: DemoUser.grace.name, client: Front.client).accessToken.reveal()
            let refused = try await front.ask(me + "authorization: Bearer \(own)\r\n\r\n")
            #expect(refused.status == 401)
            let passed = try await front.ask(
                "GET /api/2.0/preview/scim/v2/Me HTTP/1.1\r\nhost: pass.test\r\nauthorization: Bearer \(own)\r\n\r\n")
            #expect(passed.status == 200 && passed.field("x-simulator-user") == DemoUser.grace.name)
            let unknown = try await front.ask(
                "GET /api/2.0/preview/scim/v2/Me HTTP/1.1\r\nhost: pass.test\r\nauthorization: Bearer dapi0\r\n\r\n")
            #expect(unknown.status == 403 || unknown.status == 401)
            #expect(front.simulator.counters.refreshAttempts == 0)
        }
    }

    @Test func signingOutKillsTheCookieOnEveryLoop() async throws {
        try await Front.use { front in
            let key = try await front.logIn()
            var lines: [Line] = []
            for _ in 0..<6 { lines.append(try await front.connect()) }
            for line in lines {
                line.send(me + key.cookie + "\r\n")
                #expect(try await line.takeAnswer().status == 200)
            }
            try await front.keeper.end(key.session.id)
            try await Task.sleep(for: .milliseconds(50))
            for line in lines {
                line.send(me + key.cookie + "\r\n")
                #expect(try await line.takeAnswer().status == 401)
            }
        }
    }

    /// The parser's results belong to the loop: they must be those of this request again when its session is loaded.
    @Test func namesTheRightTargetAfterASlowLook() async throws {
        var options = Front.Options()
        options.eventLoops = 1
        try await Front.use(options) { front in
            let unknown = "lkg_" + String(repeating: "A", count: 64)
            var lines: [(Line, String)] = []
            for number in 0..<24 {
                lines.append(
                    (try await front.connect(), "/" + String(repeating: "p", count: number * 40) + "\(number)"))
            }
            for (line, path) in lines {
                line.send(
                    "GET \(path) HTTP/1.1\r\nhost: sim.test\r\naccept: text/html\r\n"
                        + "cookie: __Host-lakegate=\(unknown)\r\n\r\n")
            }
            for (line, path) in lines {
                let answer = try await line.takeAnswer()
                let target = path.replacing("/", with: "%2F")
                #expect(answer.field("location") == "/.lakegate/login?return_to=\(target)")
            }
        }
    }
}
