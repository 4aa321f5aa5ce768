import Edge
import Testing

/// Nobody is waited for without end. The limits are shortened; one sweep a second looks after them.
@Suite(.timeLimit(.minutes(2)))
struct TimeTests {
    private func options(_ change: (inout EdgeTimes) -> Void) -> Front.Options {
        var options = Front.Options()
        change(&options.times)
        return options
    }

    @Test func endsAHeadThatTrickles() async throws {
        try await Front.use(options { $0.head = .seconds(2) }) { front in
            let client = try await front.connect()
            // The second head on the connection: nothing of the first may be left.
            client.send("HEAD /long/path/of/the/first HTTP/1.1\r\nhost: sim.test\r\n\r\n")
            #expect(try await client.takeAnswer(toHEAD: true).status == 401)
            let started = ContinuousClock.now
            for byte in "GET /x HTTP/1.1\r\nhost: sim.test\r\nx: ".utf8 where !client.isOver {
                client.send([byte])
                try await Task.sleep(for: .milliseconds(100))
            }
            let answer = try await client.takeAnswer()
            #expect(answer.status == 408 && answer.text.contains("not complete within 2 s"))
            #expect(ContinuousClock.now - started < .seconds(6))
            try await client.untilOver()
        }
    }

    @Test func closesIdleConnections() async throws {
        try await Front.use(options { $0.clientIdle = .seconds(1) }) { front in
            let client = try await front.connect()
            client.send("GET / HTTP/1.1\r\nhost: o\r\n\r\n")
            #expect(try await client.takeAnswer().status == 400)
            try await client.untilOver()
            #expect(client.ending == .cleanly)
        }
    }

    @Test func endsAnUploadThatStops() async throws {
        try await Front.use(options { $0.clientStall = .seconds(1) }) { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send("PUT /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)content-length: 10\r\n\r\n12345")
            let workspace = try await front.script.accept()
            let answer = try await client.takeAnswer()
            #expect(answer.status == 408 && answer.text.contains("nothing came for 1 s"))
            try await workspace.untilOver()
            #expect(workspace.ending != .cleanly)
        }
    }

    @Test func endsAWorkspacesSilence() async throws {
        try await Front.use(options { $0.upstreamSilence = .seconds(1) }) { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send("GET /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)\r\n")
            let workspace = try await front.script.accept()
            #expect(try await client.takeAnswer().status == 504)
            try await workspace.untilOver()
            // In the middle of an answer there is only one way to say it.
            client.send("GET /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)\r\n")
            let second = try await front.script.accept()
            _ = try await second.takeHead()
            second.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345")
            try await client.untilOver()
            #expect(client.ending != .cleanly)
        }
    }

    @Test func endsAClientThatDoesNotRead() async throws {
        try await Front.use(options { $0.clientStall = .seconds(1) }) { front in
            let key = try await front.logIn()
            let client = try await front.connect()
            client.stopReading()
            client.send(
                "GET /api/2.0/lakegate-simulator/stream?bytes=100000000&chunk=65536 HTTP/1.1\r\nhost: sim.test\r\n"
                    + "\(key.cookie)\r\n")
            try await eventually("the end of the exchange") {
                front.metrics.openConnections.value(.client) == 0 && front.metrics.openConnections.value(.upstream) == 0
            }
        }
    }

    @Test func lingersNoLongerThanItSays() async throws {
        try await Front.use(options { $0.lingering = .seconds(1) }) { front in
            let client = try await front.connect()
            client.send("PUT /x HTTP/1.1\r\nhost: sim.test\r\ncontent-length: 100\r\n\r\n")
            let answer = try await client.takeAnswer()
            #expect(answer.status == 401 && answer.field("connection") == "close")
            try await client.untilOver()
            #expect(client.ending == .cleanly)
        }
    }

    @Test func forgetsIdleConnectionsToTheWorkspace() async throws {
        try await Front.use(options { $0.upstreamIdle = .seconds(1) }) { front in
            let key = try await front.logIn()
            let request = "GET /api/2.1/clusters/list HTTP/1.1\r\nhost: sim.test\r\n\(key.cookie)\r\n"
            #expect(try await front.ask(request).status == 200)
            try await eventually("an empty pool") { front.metrics.openConnections.value(.upstream) == 0 }
            #expect(try await front.ask(request).status == 200)
        }
    }
}
