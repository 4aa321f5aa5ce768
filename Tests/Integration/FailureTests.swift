import Testing

/// Workspaces that break, talk nonsense or are not there.
@Suite(.timeLimit(.minutes(2)))
struct FailureTests {
    private func send(_ front: Front, _ client: Line, _ method: String = "GET", body: String = "") async throws {
        let key = try await front.logIn(to: "script")
        client.send(
            "\(method) /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)content-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }

    /// A connection that has served one request and lies in the pool.
    private func pooled(_ front: Front, _ client: Line) async throws -> Line {
        try await send(front, client)
        let workspace = try await front.script.accept()
        _ = try await workspace.takeHead()
        workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        #expect(try await client.takeAnswer().status == 200)
        return workspace
    }

    @Test func triesAgainWhenAPooledConnectionWasStale() async throws {
        try await Front.use { front in
            let client = try await front.connect()
            let old = try await pooled(front, client)
            try await send(front, client, "PUT", body: "again")
            _ = try await old.take(through: "again")
            old.cut()
            let new = try await front.script.accept()
            _ = try await new.take(through: "again")
            new.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            #expect(try await client.takeAnswer().text == "ok")
        }
    }

    @Test func neverSendsAPostTwice() async throws {
        try await Front.use { front in
            let client = try await front.connect()
            let old = try await pooled(front, client)
            try await send(front, client, "POST", body: "once")
            _ = try await old.take(through: "once")
            old.cut()
            let answer = try await client.takeAnswer()
            #expect(answer.status == 502 && answer.field("retry-after") == nil)
            #expect(front.script.connectionCount == 1)
        }
    }

    @Test func usesAnotherConnectionWhenThePooledOneHasClosed() async throws {
        try await Front.use { front in
            let client = try await front.connect()
            try await pooled(front, client).close()
            try await eventually("the pool to notice") { front.metrics.openConnections.value(.upstream) == 0 }
            try await send(front, client, "POST", body: "x")
            let new = try await front.script.accept()
            _ = try await new.takeHead()
            new.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            #expect(try await client.takeAnswer().status == 200)
        }
    }

    @Test func doesNotTrustAWorkspaceThatSpeaksUnasked() async throws {
        try await Front.use { front in
            let client = try await front.connect()
            let old = try await pooled(front, client)
            old.send("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison")
            try await old.untilOver()
            try await send(front, client)
            let new = try await front.script.accept()
            _ = try await new.takeHead()
            new.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ntrue")
            #expect(try await client.takeAnswer().text == "true")
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\ncontent-le"])
    func saysThatAWorkspaceBrokeOff(_ beginning: String) async throws {
        try await Front.use { front in
            let client = try await front.connect()
            try await send(front, client)
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.send(beginning)
            workspace.close()
            let answer = try await client.takeAnswer()
            #expect(answer.status == 502 && answer.text.contains("BAD_GATEWAY"))
            #expect(!client.isOver)
        }
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 1, 2\r\n\r\n",
        "HTTP/1.1 101 Switching\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\n folded: x\r\n\r\n",
    ])
    func callsNonsenseNonsense(_ text: String) async throws {
        try await Front.use { front in
            let client = try await front.connect()
            try await send(front, client)
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.send(text)
            let answer = try await client.takeAnswer()
            #expect(answer.status == 502 && answer.text.contains("not valid HTTP"))
            try await workspace.untilOver()
        }
    }

    @Test(arguments: [true, false])
    func saysThatAWorkspaceIsNotThere(untrusted: Bool) async throws {
        var options = Front.Options()
        if untrusted { options.scriptIsTrusted = false } else { options.scriptPort = 1 }
        try await Front.use(options) { front in
            for _ in 0..<3 {
                let client = try await front.connect()
                try await send(front, client, "POST", body: "x")
                let answer = try await client.takeAnswer()
                #expect(answer.status == 503 && answer.field("retry-after").flatMap { Int($0) } != nil)
            }
            let line = front.log.lines.first { $0.contains("workspace gave no answer") } ?? ""
            #expect(line.contains("unreachable") && line.contains(untrusted ? "certificate" : "refused"), "\(line)")
            #expect(front.metrics.openConnections.value(.upstream) == 0)
        }
    }
}
