import Simulator
import TLS
import Testing

/// Messages of every shape cross unchanged.
@Suite(.timeLimit(.minutes(3)))
struct MessageTests {
    /// A client, the workspace's end of its request `GET /x` (or another), and the request's head as it came.
    private func exchange(
        _ front: Front, _ start: String = "GET /x HTTP/1.1", fields: String = ""
    ) async throws -> (client: Line, workspace: Line, head: String) {
        let key = try await front.logIn(to: "script")
        let client = try await front.connect()
        client.send("\(start)\r\nhost: script.test\r\n\(key.cookie)\(fields)\r\n")
        let workspace = try await front.script.accept()
        return (client, workspace, try await workspace.takeHead())
    }

    @Test func answersWithoutABody() async throws {
        try await Front.use { front in
            let (client, workspace, _) = try await exchange(front, "HEAD /x HTTP/1.1")
            let cookie = try await front.logIn(to: "script").cookie
            workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
            #expect(try await client.takeAnswer(toHEAD: true).field("content-length") == "1000")
            for status in ["204 No Content", "304 Not Modified"] {
                client.send("GET /y HTTP/1.1\r\nhost: script.test\r\n\(cookie)\r\n")
                _ = try await workspace.takeHead()
                workspace.send("HTTP/1.1 \(status)\r\netag: \"1\"\r\n\r\n")
                let answer = try await client.takeAnswer()
                #expect(answer.status == Int(status.prefix(3)) && answer.field("etag") == "\"1\"")
            }
            #expect(front.script.connectionCount == 1)
        }
    }

    @Test func passesInterimAnswersOn() async throws {
        try await Front.use { front in
            let (client, workspace, head) = try await exchange(
                front, "PUT /x HTTP/1.1", fields: "expect: 100-continue\r\ncontent-length: 5\r\n")
            #expect(head.lowercased().contains("expect: 100-continue"))
            workspace.send("HTTP/1.1 100 Continue\r\n\r\n")
            #expect(try await client.takeHead().hasPrefix("HTTP/1.1 100 "))
            client.send("12345")
            #expect(try await workspace.take(5) == Array("12345".utf8))
            workspace.send(
                "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n")
            #expect(try await client.takeHead().hasPrefix("HTTP/1.1 103 "))
            #expect(try await client.takeAnswer().status == 201)
        }
    }

    @Test func passesAnAnswerThatEndsWithTheConnection() async throws {
        try await Front.use { front in
            let (client, workspace, _) = try await exchange(front)
            workspace.send("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nall of it")
            workspace.close()
            let answer = try await client.takeAnswer()
            #expect(answer.text == "all of it" && answer.field("transfer-encoding") == "chunked")
        }
    }

    @Test func answersThatCloseTheirConnectionArrive() async throws {
        try await Front.use { front in
            let (client, workspace, _) = try await exchange(front)
            workspace.send("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc")
            #expect(try await client.takeAnswer().text == "abc")
            try await workspace.untilOver()
            #expect(!client.isOver)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n\r\npart", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npart",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\nnonsense\r\n",
    ])
    func neverShowsAPartAsTheWhole(_ answer: String) async throws {
        try await Front.use { front in
            let (client, workspace, _) = try await exchange(front)
            workspace.send(answer)
            _ = try await client.take(through: "part")
            workspace.cut()
            try await client.untilOver()
            #expect(client.ending != .cleanly)
            #expect(!client.pending.contains("0\r\n\r\n"))
        }
    }

    @Test func speaksHTTP10() async throws {
        try await Front.use { front in
            let (client, workspace, head) = try await exchange(front, "GET /x HTTP/1.0")
            #expect(head.hasPrefix("GET /x HTTP/1.1\r\n"))
            workspace.send("HTTP/1.1 103 Early Hints\r\n\r\n")
            workspace.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
            let answer = try await client.takeAnswer()
            #expect(answer.status == 200 && answer.text == "abc" && answer.field("transfer-encoding") == nil)
        }
    }

    @Test func relaysAnEarlyAnswerAndEnds() async throws {
        try await Front.use { front in
            let (client, workspace, _) = try await exchange(
                front, "PUT /x HTTP/1.1", fields: "content-length: 1000000\r\n")
            client.send([UInt8](repeating: 1, count: 100_000))
            workspace.send("HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno")
            let answer = try await client.takeAnswer()
            #expect(answer.status == 413 && answer.text == "no" && answer.field("connection") == "close")
            for _ in 0..<20 where !client.isOver {
                client.send([UInt8](repeating: 1, count: 100_000))
                try await Task.sleep(for: .milliseconds(20))
            }
            try await client.untilOver()
            #expect(client.ending == .cleanly)
        }
    }

    @Test(arguments: [true, false])
    func carriesLargeBodiesBothWays(chunked: Bool) async throws {
        try await Front.use { front in
            let size = 32 << 20
            let key = try await front.logIn()
            let client = try await front.connect()
            let framing = chunked ? "transfer-encoding: chunked" : "content-length: \(size)"
            client.send(
                "PUT /api/2.0/lakegate-simulator/echo HTTP/1.1\r\nhost: sim.test\r\n\(key.cookie)\(framing)\r\n\r\n")
            let piece = (0..<65_536).map { UInt8(truncatingIfNeeded: $0 * 7) }
            for _ in 0..<(size / piece.count) {
                client.send(chunked ? Array("10000\r\n".utf8) + piece + Array("\r\n".utf8) : piece)
                while try await !client.isWritable { try await Task.sleep(for: .milliseconds(1)) }
            }
            if chunked { client.send("0\r\n\r\n") }
            let seen = try await client.takeAnswer(seconds: 60)
            #expect(seen.text.contains("\"bodyLength\":\(size)"))
            client.onlyCount()
            let before = client.totalReceived
            client.send(
                "GET /api/2.0/lakegate-simulator/stream?bytes=\(size)&chunk=65536 HTTP/1.1\r\nhost: sim.test\r\n"
                    + "\(key.cookie)connection: close\r\n\r\n")
            try await client.untilOver(seconds: 60)
            #expect(client.ending == .cleanly && client.totalReceived - before > size)
        }
    }
}
