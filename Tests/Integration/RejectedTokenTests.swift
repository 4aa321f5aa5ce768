import Simulator
import Testing

/// What becomes of a request whose access token the workspace does not take any more.
@Suite(.timeLimit(.minutes(2)))
struct RejectedTokenTests {
    private static let numeric = #"{"error_code":403,"message":"Invalid access token."}"#

    private func answer(_ status: String, _ body: String, fields: String = "") -> String {
        "HTTP/1.1 \(status)\r\ncontent-type: application/json\r\n\(fields)content-length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// Asks the scripted workspace for something; the bearer it saw comes back.
    private func ask(_ front: Front, _ client: Line, _ cookie: String, body: String = "") async throws {
        client.send(
            "PUT /x HTTP/1.1\r\nhost: script.test\r\n\(cookie)content-length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    @Test(arguments: [("403 Forbidden", numeric), ("401 Unauthorized", "{}"), ("401 Unauthorized", "")])
    func renewsOnceAndAsksAgain(_ status: String, _ body: String) async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            try await ask(front, client, key.cookie, body: "the body")
            let first = try await front.script.accept()
            let before = Answer(try await first.takeHead()).field("authorization")
            _ = try await first.take(8)
            first.send(answer(status, body))
            // Judged by its head alone, the answer's connection is given up; judged at its end, it is used again.
            try await eventually("another try") {
                front.script.connectionCount == 2 || first.pending.contains("\r\n\r\n")
            }
            let second = front.script.connectionCount == 2 ? try await front.script.accept() : first
            let after = Answer(try await second.takeHead()).field("authorization")
            #expect(try await second.take(8) == Array("the body".utf8))
            #expect(after != nil && after != before)
            second.send(answer("200 OK", "done"))
            #expect(try await client.takeAnswer().text == "done")
            #expect(front.simulator.counters.refreshes == 1)
        }
    }

    @Test func believesASecondRejection() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            try await ask(front, client, key.cookie)
            let workspace = try await front.script.accept()
            for _ in 0..<2 {
                _ = try await workspace.takeHead()
                workspace.send(answer("403 Forbidden", Self.numeric))
            }
            let seen = try await client.takeAnswer()
            #expect(seen.status == 403 && seen.text == Self.numeric)
            #expect(front.simulator.counters.refreshes == 1)
        }
    }

    @Test(arguments: [
        #"{"error_code":"PERMISSION_DENIED","message":"no"}"#, "", "<html>Forbidden</html>",
        String(repeating: "not the beginning of anything ", count: 2000), "\u{1f}\u{8b}\u{8}\u{0}gzip",
    ])
    func leavesOtherRefusalsAlone(_ body: String) async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            try await ask(front, client, key.cookie)
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.send(answer("403 Forbidden", body, fields: "x-kept: yes\r\n"))
            let seen = try await client.takeAnswer()
            #expect(seen.status == 403 && seen.text == body && seen.field("x-kept") == "yes")
            #expect(front.simulator.counters.refreshAttempts == 0)
            try await ask(front, client, key.cookie)
            _ = try await workspace.takeHead()
            #expect(front.script.connectionCount == 1)
        }
    }

    @Test func judgesWhatComesInPieces() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            try await ask(front, client, key.cookie)
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            for byte in answer("403 Forbidden", Self.numeric).utf8 {
                workspace.send([byte])
                try await Task.sleep(for: .milliseconds(1))
            }
            _ = try await workspace.takeHead()
            workspace.send(answer("200 OK", "done"))
            #expect(try await client.takeAnswer().text == "done")
        }
    }

    @Test func saysThatTheWorkspaceBrokeWhileItWasJudged() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            try await ask(front, client, key.cookie)
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.send("HTTP/1.1 403 Forbidden\r\ncontent-length: 1000\r\n\r\n{\"error_code\":")
            try await Task.sleep(for: .milliseconds(50))
            workspace.cut()
            #expect(try await client.takeAnswer().status == 502)
        }
    }

    @Test func passesTheRefusalOnWhenTheBodyIsGone() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            let body = String(repeating: "x", count: 200_000)
            try await ask(front, client, key.cookie, body: body)
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            _ = try await workspace.take(body.utf8.count)
            workspace.send(answer("403 Forbidden", Self.numeric))
            #expect(try await client.takeAnswer().status == 403)
            try await eventually("the renewal beside it") { front.simulator.counters.refreshes == 1 }
        }
    }

    @Test func aHundredRequestsOnAnExpiredTokenRefreshOnce() async throws {
        try await Front.use { front in
            let key = try await front.logIn(accessLife: .milliseconds(1))
            var clients: [Line] = []
            for _ in 0..<100 { clients.append(try await front.connect()) }
            for client in clients {
                client.send("GET /api/2.1/clusters/list HTTP/1.1\r\nhost: sim.test\r\n\(key.cookie)\r\n")
            }
            for client in clients { #expect(try await client.takeAnswer().status == 200) }
            #expect(front.simulator.counters.refreshAttempts == 1)
            #expect(front.simulator.counters.spentTwice == 0)
        }
    }

    @Test func aHundredRequestsOnARejectedTokenRefreshOnce() async throws {
        try await Front.use { front in
            let key = try await front.logIn()
            front.simulator.revokeAccessTokens()
            var clients: [Line] = []
            for _ in 0..<100 { clients.append(try await front.connect()) }
            for client in clients {
                client.send("GET /api/2.1/clusters/list HTTP/1.1\r\nhost: sim.test\r\n\(key.cookie)\r\n")
            }
            for client in clients { #expect(try await client.takeAnswer().status == 200) }
            #expect(front.simulator.counters.refreshAttempts == 1)
        }
    }

    @Test func aWorkspaceThatRejectsWhateverItGetsCostsOneRefresh() async throws {
        var options = Front.Options()
        options.eventLoops = 1
        try await Front.use(options) { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            try await ask(front, client, key.cookie)
            let workspace = try await front.script.accept()
            for round in 0..<20 {
                if round > 0 { try await ask(front, client, key.cookie) }
                for _ in 0..<(round == 0 ? 2 : 1) {
                    _ = try await workspace.takeHead()
                    workspace.send(answer("403 Forbidden", Self.numeric))
                }
                #expect(try await client.takeAnswer().status == 403)
            }
            #expect(front.simulator.counters.refreshes == 1)
        }
    }

    @Test func aProviderThatIsDownIsNoLogout() async throws {
        try await Front.use { front in
            let key = try await front.logIn(accessLife: .milliseconds(1))
            front.simulator.tokenFault = .status(503)
            let request = "GET /api/2.1/clusters/list HTTP/1.1\r\nhost: sim.test\r\n\(key.cookie)\r\n"
            let down = try await front.ask(request)
            #expect(down.status == 503 && down.field("retry-after").flatMap { Int($0) } != nil)
            #expect(down.text.contains("TEMPORARILY_UNAVAILABLE"))
            front.simulator.tokenFault = nil
            try await eventually("the provider to be asked again", seconds: 30) {
                try await front.ask(request).status == 200
            }
        }
    }

    @Test func aClientThatLeavesDoesNotTakeTheRefreshAlong() async throws {
        try await Front.use { front in
            let key = try await front.logIn(accessLife: .milliseconds(1))
            front.simulator.tokenFault = .slow(.milliseconds(300))
            let request = "GET /api/2.1/clusters/list HTTP/1.1\r\nhost: sim.test\r\n\(key.cookie)\r\n"
            // Whether it left before or after its session was read is chance: one of them has caused the refresh.
            for _ in 0..<100 where front.simulator.counters.refreshes == 0 {
                let client = try await front.connect()
                client.send(request)
                try await Task.sleep(for: .milliseconds(20))
                client.cut()
            }
            #expect(try await front.ask(request).status == 200)
            #expect(front.simulator.counters.refreshAttempts == 1)
        }
    }
}
