import Foundation
import Sessions
import Settings
import Simulator
import Testing

/// Programs and people act as whom the rules of their workspace say.
@Suite(.timeLimit(.minutes(2)))
struct RuleTests {
    private static let key = "lkc_" + String(repeating: "k", count: 43)
    private static let signed = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
    private static let jobs = IdentityRuleSettings.Match(paths: ["/api/2.1/jobs/*"], clients: ["scheduler"])

    private func ruled(
        _ rules: [(IdentityRuleSettings.Match, IdentityRuleSettings.ActAs)] = [(jobs, .principal("nightly"))]
    ) -> Ruled {
        let ruled = Ruled(rules)
        ruled.bearers.set(Self.key, .success(.machine("scheduler")))
        ruled.bearers.set(Self.signed, .success(.machine("scheduler")))
        return ruled
    }

    private func get(_ path: String, _ credential: String, host: String = "ruled.test") -> String {
        "GET \(path) HTTP/1.1\r\nhost: \(host)\r\n\(credential)\r\n"
    }

    private func bearer(_ token: String) -> String { "authorization: Bearer \(token)\r\n" }

    /// Sends a request that the workspace answers with 200; what the workspace saw comes back.
    private func pass(_ request: String, _ client: Line, _ workspace: Line) async throws -> Answer {
        client.send(request)
        let head = Answer(try await workspace.takeHead())
        workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        #expect(try await client.takeAnswer().status == 200)
        return head
    }

    private func pass(_ front: Front, _ request: String, _ client: Line) async throws -> (head: Answer, Line) {
        client.send(request)
        let workspace = try await front.script.accept()
        let head = Answer(try await workspace.takeHead())
        workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        #expect(try await client.takeAnswer().status == 200)
        return (head, workspace)
    }

    private func line(_ front: Front, _ part: String) async throws -> String {
        var found: String?
        try await eventually("a line with \(part)") {
            found = try front.accessLines().last { $0.contains(part) }
            return found != nil
        }
        return found ?? ""
    }

    @Test(arguments: [key, signed])
    func aProgramActsAsThePrincipalOfItsRuleAndNowhereElse(_ token: String) async throws {
        let ruled = ruled()
        try await Front.use(ruled.options) { front in
            let client = try await front.connect()
            let (first, workspace) = try await pass(front, get("/api/2.1/jobs/list", bearer(token)), client)
            #expect(first.fields("authorization") == ["Bearer nightly-1"] && !first.head.contains(token))
            #expect(first.field("x-databricks-azure-sp-management-token") == nil)
            for _ in 0..<3 {
                let next = try await pass(get("/api/2.1/jobs/list", bearer(token)), client, workspace)
                #expect(next.fields("authorization") == ["Bearer nightly-1"])
            }
            client.send(get("/api/2.0/secrets/list", bearer(token)))
            let refused = try await client.takeAnswer()
            #expect(refused.status == 403 && refused.text.contains("PERMISSION_DENIED"))
            #expect(refused.field("retry-after") == nil && workspace.pending.isEmpty)
            #expect(ruled.bearers.calls == 1 && ruled.principals.asked == [0])
            let passed = try await line(front, #""status":200"#)
            #expect(passed.contains(#""user":"scheduler","acts_as":"nightly","rule":0,"#))
            let other = try await line(front, "not_allowed")
            #expect(other.contains(#""user":"scheduler","acts_as":"","#) && !other.contains(#""rule""#))
        }
    }

    @Test func aBearerIsResolvedAgainWhenItsTimeIsOver() async throws {
        let ruled = ruled()
        ruled.bearers.setLife(.zero)
        try await Front.use(ruled.options) { front in
            let client = try await front.connect()
            let (_, workspace) = try await pass(front, get("/api/2.1/jobs/list", bearer(Self.key)), client)
            ruled.bearers.set(Self.key, .success(.refused(reason: "its key was taken away")))
            var answer: Answer?
            try await eventually("the refusal") {
                client.send(get("/api/2.1/jobs/list", bearer(Self.key)))
                try await eventually("either") { !client.pending.isEmpty || workspace.pending.hasSuffix("\r\n\r\n") }
                if client.pending.isEmpty {
                    _ = try await workspace.takeHead()
                    workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                }
                answer = try await client.takeAnswer()
                return answer?.status != 200
            }
            #expect(answer?.status == 401 && answer?.text.contains("its key was taken away") == true)
            #expect(ruled.bearers.calls == 2)
        }
    }

    @Test func aBearerWhoseTimeEndsWhileATokenIsWaitedForStillCounts() async throws {
        let ruled = ruled()
        ruled.bearers.setLife(.zero)
        ruled.principals.delay(.milliseconds(1500))
        try await Front.use(ruled.options) { front in
            let client = try await front.connect()
            let (head, _) = try await pass(front, get("/api/2.1/jobs/list", bearer(Self.key)), client)
            #expect(head.fields("authorization") == ["Bearer nightly-1"])
        }
    }

    /// A second space is a mistake of the client's, and no reason to show the workspace what is ours.
    @Test(arguments: ["lkg_" + String(repeating: "A", count: 64), key, "lkh_x"])
    func whatIsOursIsShownToNoWorkspace(_ token: String) async throws {
        try await Front.use { front in
            for space in [" ", "  "] {
                let answer = try await front.ask(
                    "GET /x HTTP/1.1\r\nhost: pass.test\r\nauthorization: Bearer\(space)\(token)\r\n\r\n")
                #expect(answer.status == 401 && answer.text.contains("UNAUTHENTICATED"))
                #expect(answer.text.contains("https://pass.test/.lakegate/login"), "not the workspace's answer")
            }
        }
    }

    @Test func aPersonActsAsThePersonOrThePrincipalOrNotAtAll() async throws {
        let ada = [DemoUser.ada.name]
        let ruled = ruled([
            (.init(paths: ["/api/2.0/workspace/*"], users: ada), .principal("admin")),
            (.init(paths: ["/api/2.0/workspace/*"]), .refuse),
        ])
        try await Front.use(ruled.options) { front in
            let ada = try await front.logIn(to: "ruled")
            let grace = try await front.logIn(to: "ruled", as: .grace)
            let client = try await front.connect()
            let (own, workspace) = try await pass(front, get("/api/2.0/clusters/list", ada.cookie), client)
            #expect(own.fields("authorization") == ["Bearer \(ada.session.grant.accessToken.reveal())"])
            let deployed = try await pass(get("/api/2.0/workspace/list", ada.cookie), client, workspace)
            #expect(deployed.fields("authorization") == ["Bearer admin-1"] && !deployed.head.contains("lkg_"))
            client.send(get("/api/2.0/workspace%2Flist", grace.cookie))
            #expect(try await client.takeAnswer().status == 403)
            // What the former request was sent with must not stick.
            let again = try await pass(get("/api/2.0/clusters/list", grace.cookie), client, workspace)
            #expect(again.fields("authorization") == ["Bearer \(grace.session.grant.accessToken.reveal())"])
            let first = try await line(front, "/clusters/list")
            #expect(first.contains(#""acts_as":"user""#) && !first.contains(#""rule""#))
            let refused = try await line(front, "not_allowed")
            #expect(refused.contains(#""user":"\#(DemoUser.grace.name)","acts_as":"","rule":1,"#))
        }
    }

    @Test func anExpiredTokenOfAPrincipalIsGotAnew() async throws {
        let ruled = ruled()
        ruled.principals.setLife(.milliseconds(700))
        try await Front.use(ruled.options) { front in
            let client = try await front.connect()
            let (first, workspace) = try await pass(front, get("/api/2.1/jobs/list", bearer(Self.key)), client)
            #expect(first.field("authorization") == "Bearer nightly-1")
            try await eventually("another token") {
                try await pass(get("/api/2.1/jobs/list", bearer(Self.key)), client, workspace)
                    .field("authorization") != "Bearer nightly-1"
            }
            #expect(ruled.principals.asked.count >= 2)
        }
    }

    @Test(arguments: [
        ("403 Forbidden", #"{"error_code":403,"message":"Invalid access token."}"#), ("401 Unauthorized", "{}"),
    ])
    func aRejectedTokenIsReplacedOnce(_ status: String, _ body: String) async throws {
        let ruled = ruled()
        let rejection = "HTTP/1.1 \(status)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        try await Front.use(ruled.options) { front in
            let client = try await front.connect()
            client.send(
                "POST /api/2.1/jobs/run-now HTTP/1.1\r\nhost: ruled.test\r\n\(bearer(Self.key))content-length: 2\r\n\r\n{}"
            )
            let first = try await front.script.accept()
            #expect(Answer(try await first.takeHead()).field("authorization") == "Bearer nightly-1")
            _ = try await first.take(2)
            first.send(rejection)
            try await eventually("another try") {
                front.script.connectionCount == 2 || first.pending.contains("\r\n\r\n")
            }
            let second = front.script.connectionCount == 2 ? try await front.script.accept() : first
            #expect(Answer(try await second.takeHead()).field("authorization") == "Bearer nightly-2")
            #expect(try await second.take(2) == Array("{}".utf8))
            second.send(rejection)
            let answer = try await client.takeAnswer()
            #expect(answer.status == Int(status.prefix(3)) && answer.text == body)
            #expect(ruled.principals.asked == [0, 1])
        }
    }

    @Test func aRejectionPassesWhenTheBodyIsGone() async throws {
        let ruled = ruled()
        try await Front.use(ruled.options) { front in
            let client = try await front.connect()
            let body = String(repeating: "x", count: 200_000)
            client.send(
                "POST /api/2.1/jobs/create HTTP/1.1\r\nhost: ruled.test\r\n\(bearer(Self.key))"
                    + "content-length: \(body.utf8.count)\r\n\r\n\(body)")
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            _ = try await workspace.take(body.utf8.count)
            workspace.send("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n")
            #expect(try await client.takeAnswer().status == 401)
            try await eventually("the question beside it") { ruled.principals.asked == [0, 1] }
        }
    }

    @Test func aPrincipalWithoutATokenIsToldFromOneThatIsRefused() async throws {
        let ruled = ruled()
        try await Front.use(ruled.options) { front in
            let client = try await front.connect()
            ruled.principals.fail(.refused(reason: "a secret reason"))
            client.send(get("/api/2.1/jobs/list", bearer(Self.key)))
            let refused = try await client.takeAnswer()
            #expect(refused.status == 500 && refused.field("retry-after") == nil)
            #expect(!refused.text.contains("a secret reason"))
            ruled.principals.fail(.passing(reason: "down", retryAfter: .seconds(7)))
            client.send(get("/api/2.1/jobs/list", bearer(Self.key)))
            let passing = try await client.takeAnswer()
            #expect(passing.status == 503 && passing.field("retry-after") == "7")
            ruled.principals.fail(nil)
            #expect(try await pass(front, get("/api/2.1/jobs/list", bearer(Self.key)), client).head.status == 0)
            #expect(try await line(front, "principal_refused").contains(#""user":"scheduler""#))
            #expect(try await line(front, "principal_unavailable").contains(#""rule":0"#))
        }
    }

    @Test func azureGetsItsTwoFieldsAndNoneOfTheClients() async throws {
        let ruled = ruled()
        ruled.principals.beAzure()
        let foreign =
            "X-Databricks-Azure-SP-Management-Token: evil\r\nx-databricks-azure-workspace-resource-id: /evil\r\n"
            + "x-databricks-gcp-sa-access-token: evil\r\n"
        try await Front.use(ruled.options) { front in
            let person = try await front.logIn(to: "ruled")
            let client = try await front.connect()
            let (head, workspace) = try await pass(
                front, get("/api/2.1/jobs/list", bearer(Self.key) + foreign), client)
            #expect(head.fields("x-databricks-azure-sp-management-token") == ["azure-1"])
            #expect(head.fields("x-databricks-azure-workspace-resource-id") == ["/subscriptions/s"])
            let own = try await pass(get("/api/2.1/jobs/list", person.cookie + foreign), client, workspace)
            #expect(!own.head.contains("azure") && !own.head.contains("evil"))
        }
    }

    @Test func aForeignBearerIsPassedOrRefusedAndRemembered() async throws {
        for setting in [ForeignBearer.refuse, .pass] {
            var ruled = ruled([(.init(paths: ["/*"]), .refuse)])
            ruled.foreignBearers = setting
            let token = "eyJmb3JlaWdu.e30.c2ln"
            try await Front.use(ruled.options) { front in
                let client = try await front.connect()
                if setting == .pass {
                    let (head, workspace) = try await pass(front, get("/x", bearer(token)), client)
                    #expect(head.fields("authorization") == ["Bearer \(token)"])
                    _ = try await pass(get("/x", bearer(token)), client, workspace)
                    #expect(try await line(front, #""status":200"#).contains(#""acts_as":"bearer""#))
                } else {
                    for _ in 0..<2 {
                        client.send(get("/x", bearer(token)))
                        #expect(try await client.takeAnswer().status == 401)
                    }
                    #expect(front.script.connectionCount == 0)
                }
                #expect(ruled.bearers.calls == 1)
            }
        }
    }

    @Test("CVE-2021-32701, CVE-2026-33496: what is remembered of a bearer is for its workspace")
    func aBearerOfOneWorkspaceIsNoneOfAnother() async throws {
        let ruled = ruled()
        try await Front.use(ruled.options) { front in
            let client = try await front.connect()
            _ = try await pass(front, get("/api/2.1/jobs/list", bearer(Self.key)), client)
            client.send(get("/api/2.1/jobs/list", bearer(Self.key), host: "sim.test"))
            #expect(try await client.takeAnswer().status == 401)
        }
    }

    @Test func aStoreThatIsAwayIsNoRefusal() async throws {
        let ruled = ruled()
        ruled.bearers.set(Self.key, .failure(.store(.unavailable("away"))))
        try await Front.use(ruled.options) { front in
            let client = try await front.connect()
            client.send(get("/api/2.1/jobs/list", bearer(Self.key)))
            let answer = try await client.takeAnswer()
            #expect(answer.status == 503 && answer.field("retry-after") != nil)
            ruled.bearers.set(Self.key, .success(.machine("scheduler")))
            _ = try await pass(front, get("/api/2.1/jobs/list", bearer(Self.key)), client)
        }
    }

    @Test func aClientThatIsNotConfiguredOpensNothing() async throws {
        let ruled = ruled()
        ruled.bearers.set(Self.key, .success(.machine("somebody")))
        try await Front.use(ruled.options) { front in
            let answer = try await front.ask(get("/api/2.1/jobs/list", bearer(Self.key)))
            #expect(answer.status == 401)
        }
    }

    @Test func aCertificateOpensAClientUnlessSomethingElseIsSaid() async throws {
        let ruled = Ruled([(.init(clients: ["deployer"]), .principal("admin"))])
        try await Front.use(ruled.options) { front in
            let person = try await front.logIn(to: "ruled")
            let client = try await front.connect(withCertificate: true)
            let (head, workspace) = try await pass(front, get("/x", ""), client)
            #expect(head.fields("authorization") == ["Bearer admin-1"])
            let own = try await pass(get("/x", person.cookie), client, workspace)
            #expect(own.fields("authorization") == ["Bearer \(person.session.grant.accessToken.reveal())"])
            client.send(get("/x", bearer("eyJ.e30.c2ln")))
            #expect(try await client.takeAnswer().status == 401)
            client.send(get("/x", "", host: "script.test"))
            #expect(try await client.takeAnswer().status == 401)
            #expect(try await front.ask(get("/x", "")).status == 401)
            #expect(try await line(front, "admin").contains(#""user":"deployer""#))
        }
    }

    /// Attacks: the fields that a proxy puts in must be its own, whatever the client says in or about them.
    @Test("CVE-2021-32777, CVE-2024-45410: of two Authorization fields none counts, and ours is ours")
    func theClientsAuthorizationNeverReachesTheWorkspace() async throws {
        let ruled = ruled([(.init(), .principal("nightly"))])
        ruled.principals.beAzure()
        try await Front.use(ruled.options) { front in
            let person = try await front.logIn(to: "ruled")
            let both = person.cookie + bearer(Self.key)
            let client = try await front.connect()
            let (head, workspace) = try await pass(
                front,
                get(
                    "/x",
                    both + "connection: keep-alive, authorization, x-databricks-azure-sp-management-token, host\r\n"
                        + "proxy-authorization: Basic eA==\r\nauthorization_: evil\r\n"), client)
            #expect(head.fields("authorization") == ["Bearer nightly-1"])
            #expect(head.fields("x-databricks-azure-sp-management-token") == ["azure-1"])
            #expect(!head.head.contains(Self.key) && !head.head.contains("lkg_"))
            #expect(head.field("proxy-authorization") == nil)
            // The program of the bearer, not the person of the cookie, is who asked.
            #expect(try await line(front, #""status":200"#).contains(#""user":"scheduler""#))
            for twice in [bearer(Self.key) + bearer(Self.key), bearer(Self.key) + bearer("other")] {
                let refused = try await front.ask(get("/x", twice))
                #expect(refused.status == 400)
            }
            #expect(workspace.pending.isEmpty)
        }
    }

    @Test(arguments: [KeyKind.token, .login, .handle])
    func aBearerOpensASessionAndEndsWithIt(_ kind: KeyKind) async throws {
        let ruled = Ruled([])
        try await Front.use(ruled.options) { front in
            let key = try await front.logIn(to: "ruled")
            let token = try await front.keeper.addKey(
                to: key.session.id, kind: kind, label: "test", lifetime: .seconds(3600)
            ).token.reveal()
            let bytes = Array(token.utf8)
            let parsed = PresentedToken.parse(bytes.span.bytes, hasher: SHA256Hasher())
            let presented = try #require(parsed)
            ruled.bearers.set(Self.signed, .success(.key(presented.id, presented.digest, kind)))
            let client = try await front.connect()
            let (head, workspace) = try await pass(front, get("/x", bearer(Self.signed)), client)
            #expect(head.fields("authorization") == ["Bearer \(key.session.grant.accessToken.reveal())"])
            if kind != .token { #expect(try await front.ask(get("/x", bearer(token))).status == 401) }
            try await front.keeper.end(key.session.id)
            try await Task.sleep(for: .milliseconds(50))
            client.send(get("/x", bearer(Self.signed)))
            #expect(try await client.takeAnswer().status == 401)
            #expect(workspace.pending.isEmpty)
        }
    }

    @Test func aTokenSaidByBasicIsTheSameAndIsShownToNoWorkspace() async throws {
        var ruled = ruled()
        ruled.foreignBearers = .pass
        try await Front.use(ruled.options) { front in
            let ada = try await front.logIn(to: "ruled")
            let token = String(ada.cookie.split(separator: "=", maxSplits: 1)[1].dropLast(2))
            func basic(_ pair: String) -> String {
                "authorization: Basic \(Data(pair.utf8).base64EncodedString())\r\n"
            }
            let client = try await front.connect()
            let (first, workspace) = try await pass(
                front, get("/api/2.1/jobs/list", basic("token:\(Self.key)")), client)
            #expect(first.fields("authorization") == ["Bearer nightly-1"])
            let made = try await front.keeper.addKey(to: ada.session.id, label: "x", lifetime: .seconds(60))
            let own = try await pass(
                get("/api/2.0/clusters/list", basic("token:\(made.token.reveal())")), client, workspace)
            #expect(own.fields("authorization") == ["Bearer \(ada.session.grant.accessToken.reveal())"])
            for pair in ["me:\(Self.key)", ":\(made.token.reveal())", "token:\(token)", "token:lkg_x"] {
                client.send(get("/api/2.1/jobs/list", basic(pair)))
                #expect(try await client.takeAnswer().status == 401, "\(pair)")
            }
            let foreign = try await pass(get("/x", basic("token:dapi1234")), client, workspace)
            #expect(foreign.head.contains(Data("token:dapi1234".utf8).base64EncodedString()))
        }
    }

    @Test func aLoginOfAnotherWorkspaceOfTheAccountActsAsNoPrincipal() async throws {
        var ruled = ruled([(.init(paths: ["/sql/*"]), .principal("nightly"))])
        ruled.account = "acme"
        try await Front.use(ruled.options) { front in
            let member = try await front.logIn(to: "acme", groups: Membership(.unknown, of: "ruled"))
            let other = try await front.logIn(to: "acme", groups: Membership(.unknown, of: "elsewhere"))
            let own = try await front.logIn(to: "ruled", groups: Membership(.unknown, of: "ruled"))
            let client = try await front.connect()
            let (first, workspace) = try await pass(front, get("/sql/1.0/x", member.cookie), client)
            #expect(first.fields("authorization") == ["Bearer nightly-1"])
            client.send(get("/sql/1.0/x", other.cookie))
            let refused = try await client.takeAnswer()
            #expect(refused.status == 403 && refused.text.contains("made at another workspace"))
            let plain = try await pass(get("/api/2.0/clusters/list", other.cookie), client, workspace)
            #expect(plain.fields("authorization") == ["Bearer \(other.session.grant.accessToken.reveal())"])
            client.send(get("/sql/1.0/x", own.cookie))
            #expect(try await client.takeAnswer().status == 401, "a login of a workspace opens no account")
        }
    }
}
