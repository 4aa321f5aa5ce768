import Edge
import HTTP2
import Testing

/// Who brings or takes only a little at a time is not waited for without end.
@Suite(.timeLimit(.minutes(2)))
struct PaceTests {
    private func options(_ change: (inout EdgeTimes) -> Void) -> Front.Options {
        var options = Front.Options()
        change(&options.times)
        return options
    }

    @Test func endsAnUploadThatTrickles() async throws {
        let rule = PaceRule(bytesPerSecond: 1_000, window: .seconds(2))
        try await Front.use(options { $0.upload = rule }) { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send("PUT /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)content-length: 100000\r\n\r\n")
            let workspace = try await front.script.accept()
            while client.totalReceived == 0, !client.isOver {
                client.send("x")
                try await Task.sleep(for: .milliseconds(50))
            }
            let answer = try await client.takeAnswer()
            #expect(answer.status == 408 && answer.text.contains("less than 1000 bytes a second (limits.uploadRate)"))
            try await workspace.untilOver()
        }
    }

    @Test func waitsForWhoMaySendNothingYet() async throws {
        let rule = PaceRule(bytesPerSecond: 1_000, window: .seconds(1))
        try await Front.use(options { $0.upload = rule }) { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send(
                "PUT /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)expect: 100-continue\r\ncontent-length: 1\r\n\r\n"
            )
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            try await Task.sleep(for: .seconds(4))
            workspace.send("HTTP/1.1 100 Continue\r\n\r\n")
            #expect(try await client.takeHead().hasPrefix("HTTP/1.1 100"))
            client.send("x")
            #expect(try await workspace.take(1) == Array("x".utf8))
            workspace.send("HTTP/1.1 204 No Content\r\n\r\n")
            #expect(try await client.takeAnswer().status == 204)
        }
    }

    /// The workspace has more ready at all times, so that it is the client who is waited for.
    @Test func endsAnAnswerThatIsTakenInDrops() async throws {
        let rule = PaceRule(bytesPerSecond: 10_000_000_000, window: .seconds(2))
        try await Front.use(options { $0.download = rule }) { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.onlyCount()
            client.stopReading()
            client.send("GET /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)\r\n")
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\n")
            try await feed(workspace) {
                client.readOn()
                try await Task.sleep(for: .milliseconds(2))
                client.stopReading()
            }
            #expect(client.totalReceived > 0)
            client.readOn()
            try await client.untilOver()
        }
    }

    /// Sends as much as is taken until the connection ends; `pause` is what happens whenever that is nothing.
    private func feed(_ workspace: Line, pause: () async throws -> Void) async throws {
        let piece = [UInt8](repeating: 7, count: 65_536)
        while !workspace.isOver {
            if try await workspace.isWritable {
                workspace.send(piece)
            } else {
                try await pause()
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// The end of the answer is with Lakegate, the workspace is done, and the client opens no window.
    @Test func endsAStreamWhoseAnswerIsNotTaken() async throws {
        try await Front.use(options { $0.clientStall = .seconds(1) }) { front in
            let client = try await FrameLine(front, windowSize: 0)
            client.request("unknown.test")
            #expect(try await client.next(.reset).payload.last == UInt8(HTTP2ErrorCode.cancel.rawValue))
        }
    }

    @Test func endsARequestThatGoesOnBehindItsAnswer() async throws {
        try await Front.use(options { $0.lingering = .seconds(1) }) { front in
            let client = try await FrameLine(front)
            client.request("unknown.test", endsStream: false)
            #expect(try await client.next(.reset).payload.last == UInt8(HTTP2ErrorCode.noError.rawValue))
        }
    }

    @Test func endsAHeaderBlockThatDoesNotEnd() async throws {
        try await Front.use(options { $0.head = .seconds(1) }) { front in
            let client = try await FrameLine(front)
            client.send(.headers, stream: 1, FrameLine.fields(authority: "sim.test"))
            let goodbye = try await client.next(.goAway)
            #expect(goodbye.payload[7] == UInt8(HTTP2ErrorCode.enhanceYourCalm.rawValue))
            try await client.line.untilOver()
        }
    }

    @Test func closesAConnectionOnWhichNobodyAsks() async throws {
        try await Front.use(options { $0.clientIdle = .seconds(2) }) { front in
            let client = try await FrameLine(front)
            while !client.line.isOver {
                client.send(.ping, stream: 0, [UInt8](repeating: 1, count: 8))
                try await Task.sleep(for: .milliseconds(200))
            }
            let goodbye = try await client.next(.goAway)
            #expect(goodbye.payload[7] == UInt8(HTTP2ErrorCode.noError.rawValue))
        }
    }
}
