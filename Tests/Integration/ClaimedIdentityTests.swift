import Sessions
import Settings
import Simulator
import Testing

/// What a request says about itself decides nothing: what was found wrong in other proxies.
@Suite(.timeLimit(.minutes(2)))
struct ClaimedIdentityTests {
    private static let key = "lkc_" + String(repeating: "k", count: 43)

    private func ruled(_ foreignBearers: ForeignBearer = .refuse) -> Ruled {
        var ruled = Ruled([
            (.init(paths: ["/api/2.1/jobs/*"], clients: ["scheduler"]), .principal("nightly")),
            (.init(paths: ["/api/2.0/secrets/*"]), .refuse),
        ])
        ruled.bearers.set(Self.key, .success(.machine("scheduler")))
        ruled.foreignBearers = foreignBearers
        return ruled
    }

    @Test(
        "CVE-2026-40575, GHSA-7x63-xv5r-3p2x, CVE-2026-35051: X-Forwarded-Uri and its like name no path, method or host"
    )
    func whereARequestClaimsToGo() async throws {
        try await Front.use(ruled().options) { front in
            let names = [
                "x-forwarded-uri", "x-forwarded-prefix", "x-forwarded-path", "x-original-url", "x-rewrite-url",
                "x-original-uri", "x_forwarded_uri",
            ]
            let claims =
                names.map { "\($0): /api/2.1/jobs/list\r\n" }.joined()
                + "x-forwarded-method: OPTIONS\r\nx-http-method-override: OPTIONS\r\nx-forwarded-host: pass.test\r\n"
                + "x-forwarded-proto: http\r\nforwarded: host=pass.test\r\nx-host: pass.test\r\n"
            let program = "authorization: Bearer \(Self.key)\r\n"
            let refused = try await front.ask(
                "GET /api/2.0/secrets/list HTTP/1.1\r\nhost: ruled.test\r\n\(program)\(claims)\r\n")
            #expect(refused.status == 403)
            let own = claims.replacing("/api/2.1/jobs/list", with: "/.lakegate/login")
            for claims in [claims, own] {
                let nobody = try await front.ask("GET /x HTTP/1.1\r\nhost: script.test\r\n\(claims)\r\n")
                #expect(nobody.status == 401)
            }
            #expect(front.script.connectionCount == 0)
        }
    }

    @Test("CVE-2026-76835: no address is a trusted proxy's, not even the nearest")
    func whereARequestClaimsToComeFrom() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send(
                "GET /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)x-forwarded-for: 6.6.6.6\r\nx-real-ip: 6.6.6.6\r\n"
                    + "forwarded: for=6.6.6.6\r\ntrue-client-ip: 6.6.6.6\r\nx-forwarded-user: root\r\n\r\n")
            let workspace = try await front.script.accept()
            let head = Answer(try await workspace.takeHead())
            #expect(head.fields("x-forwarded-for") == ["127.0.0.1"] && head.fields("x-real-ip").isEmpty)
            #expect(head.fields("forwarded").isEmpty && head.fields("x-forwarded-user").isEmpty)
            workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            #expect(try await client.takeAnswer().status == 200)
            try await eventually("its line") {
                try front.accessLines().contains { $0.contains(#""client":"127.0.0.1""#) && !$0.contains("6.6.6.6") }
            }
        }
    }

    @Test("CVE-2026-34457, GHSA-5hvv-m4w4-gf6v: no value of a field lets nobody pass")
    func whatAClientClaimsToBe() async throws {
        try await Front.use { front in
            let claims = [
                "user-agent: kube-probe/1.30", "user-agent: GoogleHC/1.0", "user-agent: ELB-HealthChecker/2.0",
                "user-agent: Envoy/HC", "accept: text/event-stream", "accept: */*",
                "accept: text/event-stream, text/html",
                "origin: https://script.test", "origin: null", "sec-fetch-mode: cors", "sec-fetch-site: same-origin",
                "access-control-request-method: GET", "x-requested-with: XMLHttpRequest",
                "content-type: application/grpc",
                "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: abc", "x-health-check: 1",
                "x-databricks-cluster-id: c", "expect: 100-continue",
            ]
            for method in ["GET", "OPTIONS", "HEAD"] {
                for claim in claims {
                    let answer = try await front.ask(
                        "\(method) /ping HTTP/1.1\r\nhost: script.test\r\n\(claim)\r\n\r\n")
                    // gRPC is told by a status of its own, with 200.
                    let isLogin = answer.field("location")?.hasPrefix("/.lakegate/login?") == true
                    let isRefused = answer.status == 401 || isLogin || answer.field("grpc-status") == "16"
                    #expect(isRefused, "\(method), \(claim): \(answer.status)")
                }
            }
            #expect(front.script.connectionCount == 0)
        }
    }

    @Test("CVE-2017-6062, CVE-2017-6413: what says who somebody is ends here, also beside a bearer that passes")
    func whatPassesBesideAForeignBearer() async throws {
        try await Front.use(ruled(.pass).options) { front in
            let client = try await front.connect()
            client.send(
                "GET /x HTTP/1.1\r\nhost: ruled.test\r\nauthorization: Bearer eyJ.e30.c2ln\r\nx-forwarded-user: root\r\n"
                    + "x-forwarded-access-token: t\r\nX_Forwarded_Email: root@x\r\ncookie: __Host-lakegate=x; a=1\r\n"
                    + "proxy-authorization: Basic eA==\r\nx-forwarded-groups: admins\r\n\r\n")
            let workspace = try await front.script.accept()
            let head = Answer(try await workspace.takeHead())
            #expect(head.fields("authorization") == ["Bearer eyJ.e30.c2ln"] && head.fields("cookie") == ["a=1"])
            for text in ["root", "admins", "lakegate", "proxy-auth", "access-token"] {
                #expect(!head.head.lowercased().contains(text), "\(text)")
            }
        }
    }

    @Test("CVE-2024-47616, Pomerium #3270: of two credentials the bearer counts, and nobody gets the other's token")
    func whoComesWithTwoCredentials() async throws {
        try await Front.use { front in
            let (ada, grace) = (try await front.logIn(), try await front.logIn(as: .grace))
            let (hers, theirs) = (try await front.token(for: ada), try await front.token(for: grace))
            let client = try await front.connect()
            let rows = [
                (grace.cookie, DemoUser.grace), (ada.cookie + "authorization: Bearer \(theirs)\r\n", .grace),
                (ada.cookie, .ada), (grace.cookie + "authorization: Bearer \(hers)\r\n", .ada), (grace.cookie, .grace),
            ]
            for (credentials, user) in rows {
                client.send("GET /api/2.0/preview/scim/v2/Me HTTP/1.1\r\nhost: sim.test\r\n\(credentials)\r\n")
                let answer = try await client.takeAnswer()
                #expect(answer.status == 200 && answer.field("x-simulator-user") == user.name)
            }
            client.send(
                "GET /x HTTP/1.1\r\nhost: sim.test\r\n\(ada.cookie)authorization: Bearer lkg_\(String(repeating: "A", count: 64))\r\n\r\n"
            )
            #expect(
                try await client.takeAnswer().status == 401,
                "a bearer that opens nothing is not made up for by a cookie")
            try await eventually("their lines") {
                let users = try front.accessLines().compactMap { line in
                    [DemoUser.ada, .grace].first { line.contains($0.name) }?.name
                }
                return users == rows.map(\.1.name)
            }
        }
    }

    @Test("CVE-2025-31492: the body of somebody who has to log in first is not kept, and goes nowhere")
    func whatAStrangerSends() async throws {
        try await Front.use { front in
            for accept in ["text/html\r\nsec-fetch-mode: navigate", "application/json"] {
                let answer = try await front.ask(
                    "POST /sql HTTP/1.1\r\nhost: script.test\r\naccept: \(accept)\r\ncontent-length: 9\r\n\r\ns3cr3t=42"
                )
                #expect(answer.status == 401 && answer.fields("set-cookie").isEmpty && !answer.text.contains("s3cr3t"))
            }
            #expect(front.script.connectionCount == 0)
        }
    }

    @Test("GHSA-652x: a rule that refuses does so whatever protocol and credential somebody comes with")
    func whoIsRefusedIsRefusedEverywhere() async throws {
        try await Front.use(ruled().options) { front in
            let key = try await front.logIn(to: "ruled")
            let token = "authorization: Bearer \(try await front.token(for: key))\r\n"
            let upgrade =
                "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: abc\r\norigin: https://ruled.test\r\n"
            for credential in [key.cookie, token, "authorization: Bearer \(Self.key)\r\n"] {
                for (start, more) in [("GET", ""), ("POST", ""), ("HEAD", ""), ("OPTIONS", ""), ("GET", upgrade)] {
                    let answer = try await front.ask(
                        "\(start) /api/2.0/secrets/list HTTP/1.1\r\nhost: ruled.test\r\n\(credential)\(more)\r\n")
                    #expect(answer.status == 403, "\(start) \(more) \(credential.prefix(14))")
                }
                let parts = credential.dropLast().split(separator: ":", maxSplits: 1).map(String.init)
                let client = try await front.connectHTTP2()
                let call = try await client.request(
                    [
                        (":method", "GET"), (":scheme", "https"), (":authority", "ruled.test"),
                        (":path", "/api/2.0/secrets/list"), (parts[0], String(parts[1].dropFirst())),
                    ], hasBody: false)
                try await call.untilEnded()
                #expect(call.field(":status") == "403")
                client.cut()
            }
            #expect(front.script.connectionCount == 0)
        }
    }
}
