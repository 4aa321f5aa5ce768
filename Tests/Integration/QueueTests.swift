import Edge
import Testing

/// Requests beyond those that a workspace is sent at once wait, or are refused.
@Suite(.timeLimit(.minutes(2)))
struct QueueTests {
    private func options(queue: Int = 1, time: Duration = .seconds(60)) -> Front.Options {
        var options = Front.Options()
        options.eventLoops = 1
        options.limits.requests = 1
        options.limits.queue = queue
        options.times.queue = time
        return options
    }

    private func request(_ path: String, _ cookie: String) -> String {
        "GET \(path) HTTP/1.1\r\nhost: script.test\r\n\(cookie)\r\n"
    }

    private let answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"

    @Test func waitsForItsTurnAndIsRefusedWithoutOne() async throws {
        try await Front.use(options()) { front in
            let key = try await front.logIn(to: "script")
            let clients = [try await front.connect(), try await front.connect(), try await front.connect()]
            clients[0].send(request("/0", key.cookie))
            let workspace = try await front.script.accept()
            #expect(try await workspace.takeHead().contains("/0 "))
            // Whichever of the two comes first waits, the other is refused.
            clients[1].send(request("/1", key.cookie))
            clients[2].send(request("/2", key.cookie))
            try await eventually("a refusal") { clients[1].totalReceived + clients[2].totalReceived > 0 }
            let refused = clients[1].totalReceived > 0 ? 1 : 2
            let answered = try await clients[refused].takeAnswer()
            #expect(answered.status == 503 && answered.field("retry-after") == "2")
            #expect(answered.text.contains("1 requests to this workspace are under way (limits.requests)"))
            workspace.send(answer)
            #expect(try await clients[0].takeAnswer().status == 200)
            #expect(try await workspace.takeHead().contains("/\(3 - refused) "))
            workspace.send(answer)
            #expect(try await clients[3 - refused].takeAnswer().status == 200)
            #expect(front.metrics.requests.value(.init(2), .overloaded) == 1)
        }
    }

    @Test func waitsNoLongerThanItMay() async throws {
        try await Front.use(options(time: .seconds(1))) { front in
            let key = try await front.logIn(to: "script")
            let (first, second) = (try await front.connect(), try await front.connect())
            first.send(request("/0", key.cookie))
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            second.send(request("/1", key.cookie))
            let answered = try await second.takeAnswer()
            #expect(answered.status == 503 && answered.text.contains("none ended within 1 s (limits.queueTime)"))
            workspace.send(answer)
            #expect(try await first.takeAnswer().status == 200)
        }
    }

    /// Who leaves while waiting, or while being served, holds nobody up.
    @Test func givesPlacesBack() async throws {
        try await Front.use(options()) { front in
            let key = try await front.logIn(to: "script")
            let (first, second) = (try await front.connect(), try await front.connect())
            first.send(request("/0", key.cookie))
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            second.send(request("/1", key.cookie))
            second.cut()
            try await eventually("one client") { front.metrics.openConnections.value(.client) == 1 }
            first.cut()
            try await eventually("no client") { front.metrics.openConnections.value(.client) == 0 }
            let third = try await front.connect()
            third.send(request("/2", key.cookie))
            let next = try await front.script.accept()
            #expect(try await next.takeHead().contains("/2 "))
            next.send(answer)
            #expect(try await third.takeAnswer().status == 200)
        }
    }

    /// The event loop has one parser: what it read meanwhile, even if that came to nothing, is not this request's.
    @Test(arguments: [
        "GET / HTTP/1.1\r\nhost : sim.test\r\n\r\n", "GET / HTTP/1.1\r\nhost: sim.test\r\nx: y",
        "GET / HTTP/1.1\r\nhost: sim.test\r\nx: \(String(repeating: "a", count: 999))\r\n",
    ])
    func goesOnAsItCameWhateverOthersSentMeanwhile(_ others: String) async throws {
        try await Front.use(options()) { front in
            let key = try await front.logIn(to: "script")
            let clients = [try await front.connect(), try await front.connect(), try await front.connect()]
            clients[0].send(request("/0", key.cookie))
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            // The answer to the first of two tells that the second has been read, too.
            let first = "GET /.lakegate/nothing HTTP/1.1\r\nhost: script.test\r\n\r\n"
            clients[1].send(first + request("/1", key.cookie + "x-forwarded-user: forged\r\nx-kept: 1\r\n"))
            #expect(try await clients[1].takeAnswer().status == 404)
            clients[2].send(first + others)
            #expect(try await clients[2].takeAnswer().status == 404)
            workspace.send(answer)
            let head = try await workspace.takeHead()
            #expect(head.hasPrefix("GET /1 HTTP/1.1\r\n") && head.contains("x-kept: 1\r\n"))
            #expect(head.contains("\r\nauthorization: Bearer ") && !head.contains("forged") && !head.contains("lkg_"))
            workspace.send(answer)
            #expect(try await clients[1].takeAnswer().status == 200)
        }
    }
}
