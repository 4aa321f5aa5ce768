import Edge
import Testing

/// After SIGTERM nobody loses a request.
@Suite(.timeLimit(.minutes(2)))
struct DrainTests {
    private let request = "GET / HTTP/1.1\r\nhost: other.test\r\n\r\n"

    private var oneLoop: Front.Options {
        var options = Front.Options()
        options.eventLoops = 1
        options.times.leavingIdle = .seconds(90)
        return options
    }

    /// Asks until an answer says that it is the last.
    private func waitForDrain(_ front: Front, _ line: Line) async throws {
        try await eventually("an answer that says it is the last") {
            line.send(request)
            return try await line.takeAnswer().field("connection") == "close"
        }
        try await line.untilOver()
        #expect(line.ending == .cleanly)
    }

    @Test func everyConnectionIsServedOnceMoreAndToldSo() async throws {
        try await Front.use(oneLoop) { front in
            let key = try await front.logIn(to: "script")
            let (first, idle) = (try await front.connect(), try await front.connect())
            let (waiting, streaming) = (try await front.connect(), try await front.connect())
            let get = "GET /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)\r\n"
            waiting.send(get)
            let one = try await front.script.accept()
            _ = try await one.takeHead()
            streaming.send(get)
            let two = try await front.script.accept()
            _ = try await two.takeHead()
            two.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345")
            _ = try await streaming.take(through: "12345")
            async let stopped: Void = front.drain(within: .seconds(90))
            try await waitForDrain(front, first)
            one.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone")
            let answer = try await waiting.takeAnswer()
            #expect(answer.text == "done" && answer.field("connection") == "close")
            // Its head had promised that the connection goes on.
            two.send("67890")
            #expect(try await streaming.take(5) == Array("67890".utf8))
            for line in [streaming, idle] { try await waitForDrain(front, line) }
            await stopped
        }
    }

    @Test func whoIsIdleIsNotWaitedFor() async throws {
        var options = oneLoop
        options.times.leavingIdle = .seconds(1)
        try await Front.use(options) { front in
            let key = try await front.logIn(to: "script")
            let (idle, silent, busy) = (try await front.connect(), try await front.connect(), try await front.connect())
            idle.send(request)
            #expect(try await idle.takeAnswer().status == 400)
            busy.send("GET /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)\r\n")
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            async let stopped: Void = front.drain(within: .seconds(600))
            for line in [idle, silent] {
                try await line.untilOver()
                #expect(line.ending == .cleanly)
            }
            workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            #expect(try await busy.takeAnswer().field("connection") == "close")
            await stopped
        }
    }

    @Test func whoSaysNothingIsDismissedInTheEnd() async throws {
        try await Front.use { front in
            let (idle, half) = (try await front.connect(), try await front.connect())
            half.send("GET / HT")
            await front.drain(within: .seconds(1))
            try await idle.untilOver()
            try await half.untilOver()
            #expect(idle.ending == .cleanly)
        }
    }

    @Test func nobodyWaitsWhenTheTaskIsCancelled() async throws {
        try await Front.use { front in
            let idle = try await front.connect()
            let stopping = Task { await front.drain(within: .seconds(600)) }
            stopping.cancel()
            await stopping.value
            try await idle.untilOver()
        }
    }
}
