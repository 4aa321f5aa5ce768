import Edge
import NIOConcurrencyHelpers
import Testing

/// More than is served is turned away, and what is served goes on.
@Suite(.timeLimit(.minutes(2)))
struct LimitTests {
    private func options(_ change: (inout Front.Options) -> Void) -> Front.Options {
        var options = Front.Options()
        change(&options)
        return options
    }

    private let unknown = "GET / HTTP/1.1\r\nhost: o\r\n\r\n"

    @Test func closesWhatOneClientOpensBeyondItsShare() async throws {
        try await Front.use(options { $0.limits.connectionsPerAddress = 2 }) { front in
            let (first, second) = (try await front.connect(), try await front.connect())
            let third = try await front.reach()
            try await third.untilOver()
            #expect(front.metrics.connectionsTurnedAway.value == 1)
            second.send(unknown)
            #expect(try await second.takeAnswer().status == 400)
            first.close()
            try await eventually("one connection") { front.metrics.openConnections.value(.client) == 1 }
            #expect(try await front.ask(unknown).status == 400)
        }
    }

    @Test func acceptsNoMoreThanItMayAndGoesOnWhenOneEnds() async throws {
        try await Front.use(options { $0.limits.connections = 2 }) { front in
            let (first, second) = (try await front.connect(), try await front.connect())
            let third = try await front.reach()
            try await eventually("the pause") { front.metrics.acceptPaused.value(.connections) == 1 }
            second.send(unknown)
            #expect(try await second.takeAnswer().status == 400)
            #expect(front.metrics.openConnections.value(.client) == 2)
            first.close()
            try await third.untilReady()
            third.send(unknown)
            #expect(try await third.takeAnswer().status == 400)
        }
    }

    @Test func refusesALargeBodyBeforeReadingIt() async throws {
        try await Front.use(options { $0.limits.body = 1_000 }) { front in
            let key = try await front.logIn(to: "script")
            let head = "PUT /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)"
            let answer = try await front.ask(head + "content-length: 1001\r\n\r\n")
            #expect(answer.status == 413 && answer.text.contains("MAX_REQUEST_SIZE_EXCEEDED"))
            #expect(front.script.connectionCount == 0)
            // A session token is not a body for a workspace.
            let page = "POST /.lakegate/x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)content-length: 1001\r\n\r\n"
            #expect(try await front.ask(page + String(repeating: "x", count: 1001)).status != 413)
        }
    }

    @Test func cutsABodyThatGrowsTooLarge() async throws {
        try await Front.use(options { $0.limits.body = 1_000 }) { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send(
                "PUT /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)transfer-encoding: chunked\r\n\r\n"
                    + "3e8\r\n\(String(repeating: "x", count: 1000))\r\n")
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            client.send("1\r\nx\r\n")
            let answer = try await client.takeAnswer()
            #expect(answer.status == 413 && answer.text.contains("larger than 1000 bytes"))
            #expect(answer.text.contains("(limits.body)"))
            try await workspace.untilOver()
            #expect(workspace.ending != .cleanly)
        }
    }

    @Test func turnsRequestsAwayWhileMemoryIsShort() async throws {
        let taken = NIOLockedValueBox(0)
        let short = options {
            $0.limits.memory = 1_000
            $0.residentMemory = { taken.withLockedValue { $0 } }
        }
        try await Front.use(short) { front in
            let client = try await front.connect()
            let request = "GET /x HTTP/1.1\r\nhost: sim.test\r\n\r\n"
            client.send(request)
            #expect(try await client.takeAnswer().status == 401)
            taken.withLockedValue { $0 = 1_000 }
            try await eventually("the pause") { front.metrics.acceptPaused.value(.memory) == 1 }
            client.send(request)
            let answer = try await client.takeAnswer()
            #expect(
                answer.status == 503 && answer.field("retry-after") == "2" && answer.text.contains("(limits.memory)"))
            let second = try await front.reach()
            taken.withLockedValue { $0 = 900 }
            try await second.untilReady()
            second.send(request)
            #expect(try await second.takeAnswer().status == 401)
            #expect(front.metrics.requests.value(.init(0), .overloaded) == 1)
        }
    }
}
