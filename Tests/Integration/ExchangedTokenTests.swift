import Sessions
import Settings
import Testing

/// Where a workspace gives people tokens of its own, it sees those and never the login's.
@Suite(.timeLimit(.minutes(2)))
struct ExchangedTokenTests {
    private func ruled(_ rules: [(IdentityRuleSettings.Match, IdentityRuleSettings.ActAs)] = []) -> Ruled {
        var ruled = Ruled(rules)
        ruled.exchangesTokens = true
        return ruled
    }

    private func get(_ path: String, _ credential: String) -> String {
        "GET \(path) HTTP/1.1\r\nhost: ruled.test\r\n\(credential)\r\n"
    }

    private let good = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"

    @Test func theWorkspaceSeesItsOwnTokenAndTheLogThePerson() async throws {
        let ruled = ruled()
        try await Front.use(ruled.options) { front in
            let ada = try await front.logIn(to: "ruled")
            let client = try await front.connect()
            client.send(get("/api/2.0/clusters/list", ada.cookie))
            let workspace = try await front.script.accept()
            #expect(Answer(try await workspace.takeHead()).fields("authorization") == ["Bearer person-1"])
            workspace.send(good)
            #expect(try await client.takeAnswer().status == 200)
            client.send(get("/api/2.0/clusters/list", ada.cookie))
            #expect(Answer(try await workspace.takeHead()).fields("authorization") == ["Bearer person-1"])
            workspace.send(good)
            #expect(try await client.takeAnswer().status == 200)
            #expect(ruled.principals.asked == [0])
            try await eventually("two lines with the person") {
                try front.accessLines().filter { $0.contains(#""acts_as":"user""#) }.count == 2
            }
        }
    }

    @Test func oneWhomTheWorkspaceDoesNotAdmitIsToldSo() async throws {
        let ruled = ruled()
        try await Front.use(ruled.options) { front in
            let ada = try await front.logIn(to: "ruled")
            let client = try await front.connect()
            ruled.principals.fail(.notAdmitted(reason: "no such member"))
            client.send(get("/api/2.0/clusters/list", ada.cookie))
            let refused = try await client.takeAnswer()
            #expect(refused.status == 403 && refused.text.contains("no such member"))
            ruled.principals.fail(.login(.loginNeeded(reason: "the grant is dead")))
            client.send(get("/api/2.0/clusters/list", ada.cookie))
            #expect(try await client.takeAnswer().status == 401)
            ruled.principals.fail(.passing(reason: "down", retryAfter: .seconds(7)))
            client.send(get("/api/2.0/clusters/list", ada.cookie))
            let passing = try await client.takeAnswer()
            #expect(passing.status == 503 && passing.field("retry-after") == "7")
            #expect(front.script.connectionCount == 0)
        }
    }

    @Test func aRejectedTokenIsReplacedOnce() async throws {
        let ruled = ruled()
        try await Front.use(ruled.options) { front in
            let ada = try await front.logIn(to: "ruled")
            let client = try await front.connect()
            client.send(get("/api/2.0/clusters/list", ada.cookie))
            let first = try await front.script.accept()
            #expect(Answer(try await first.takeHead()).field("authorization") == "Bearer person-1")
            first.send("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n")
            try await eventually("another try") {
                front.script.connectionCount == 2 || first.pending.contains("\r\n\r\n")
            }
            let second = front.script.connectionCount == 2 ? try await front.script.accept() : first
            #expect(Answer(try await second.takeHead()).field("authorization") == "Bearer person-2")
            second.send(good)
            #expect(try await client.takeAnswer().status == 200)
            #expect(front.keeper.heldCount == 1 && ruled.principals.asked == [0, 1])
        }
    }

    @Test func aTokenIsReplacedInTheLastFifthOfItsLifeWhileRequestsGoOn() async throws {
        let ruled = ruled()
        ruled.principals.setLife(.seconds(3))
        try await Front.use(ruled.options) { front in
            let ada = try await front.logIn(to: "ruled")
            let client = try await front.connect()
            client.send(get("/x", ada.cookie))
            let workspace = try await front.script.accept()
            var seen = try await Answer(workspace.takeHead()).field("authorization")
            workspace.send(good)
            _ = try await client.takeAnswer()
            while seen == "Bearer person-1" {
                client.send(get("/x", ada.cookie))
                seen = Answer(try await workspace.takeHead()).field("authorization")
                workspace.send(good)
                _ = try await client.takeAnswer()
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(seen == "Bearer person-2" && ruled.principals.asked == [0, 1])
        }
    }

    @Test func rulesStillChoosePrincipals() async throws {
        let ruled = ruled([(.init(paths: ["/api/2.0/workspace/*"]), .principal("admin"))])
        try await Front.use(ruled.options) { front in
            let ada = try await front.logIn(to: "ruled")
            let client = try await front.connect()
            client.send(get("/api/2.0/workspace/list", ada.cookie))
            let workspace = try await front.script.accept()
            #expect(Answer(try await workspace.takeHead()).fields("authorization") == ["Bearer admin-1"])
            workspace.send(good)
            #expect(try await client.takeAnswer().status == 200)
        }
    }
}
