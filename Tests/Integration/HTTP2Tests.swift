import Edge
import Foundation
import HTTP2
import Sessions
import Simulator
import TLS
import Testing

/// HTTP/2 on either side, and both, over real sockets.
@Suite(.timeLimit(.minutes(3)))
struct HTTP2Tests {
    private func get(_ path: String, _ host: String, _ key: IssuedKeyCookie?) -> [(String, String)] {
        [(":method", "GET"), (":scheme", "https"), (":authority", host), (":path", path)]
            + (key.map { [("cookie", "a=b"), ("cookie", $0.pair)] } ?? [])
    }

    private func post(_ path: String, _ host: String, _ key: IssuedKeyCookie, _ more: [(String, String)] = [])
        -> [(String, String)]
    {
        [(":method", "POST")] + get(path, host, key).dropFirst() + more
    }

    /// A Lakegate before an HTTP/2 workspace under `script.test`.
    private func withHTTP2Workspace(
        _ times: EdgeTimes = EdgeTimes(),
        _ body: (Front, HTTP2Workspace, HTTP2Peer, IssuedKeyCookie) async throws -> Void
    ) async throws {
        try await Front.useHTTP2(Front.Options(times: times, eventLoops: 1)) { front, workspace, client in
            let key = IssuedKeyCookie(try await front.logIn(to: "script"))
            try await body(front, workspace, client, key)
        }
    }

    @Test func anHTTP1WorkspaceServesAnHTTP2Client() async throws {
        try await Front.use { front in
            let key = IssuedKeyCookie(try await front.logIn(to: "script"))
            let client = try await front.connectHTTP2()
            let call = try await client.request(
                post("/x?y=1", "script.test", key, [("content-length", "5"), ("te", "trailers")]), hasBody: true)
            let workspace = try await front.script.accept()
            let head = try await workspace.takeHead()
            #expect(head.hasPrefix("POST /x?y=1 HTTP/1.1\r\n") && head.contains("authorization: Bearer "))
            #expect(head.contains("cookie: a=b\r\n") && !head.contains("lkg_") && !head.contains("te:"))
            try await call.send(Array("12345".utf8))
            try await call.end()
            #expect(try await workspace.take(5) == Array("12345".utf8))
            workspace.send(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: x\r\nx: 1\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
            try await call.untilEnded()
            #expect(call.field(":status") == "200" && call.state.body == Array("abc".utf8))
            #expect(call.field("x") == nil && call.field("transfer-encoding") == nil)
        }
    }

    @Test func chunksCarryABodyOfUnknownLength() async throws {
        try await Front.use { front in
            let key = IssuedKeyCookie(try await front.logIn(to: "script"))
            let client = try await front.connectHTTP2()
            let call = try await client.request(post("/x", "script.test", key), hasBody: true)
            let workspace = try await front.script.accept()
            #expect(try await workspace.takeHead().contains("transfer-encoding: chunked\r\n"))
            try await call.send([1, 2, 3])
            try await call.end()
            #expect(try await workspace.take(13) == Array("3\r\n".utf8) + [1, 2, 3] + Array("\r\n0\r\n\r\n".utf8))
        }
    }

    @Test func trailersCrossFromEndToEnd() async throws {
        try await withHTTP2Workspace { _, workspace, client, key in
            let call = try await client.request(
                post("/a.B/C", "script.test", key, [("content-type", "application/grpc"), ("te", "trailers")]),
                hasBody: true)
            let served = try await workspace.accept().accept()
            try await served.until(blocks: 1)
            #expect(served.field("te") == "trailers" && served.field(":path") == "/a.B/C")
            #expect(served.field("authorization")?.hasPrefix("Bearer ") == true && served.field("cookie") == nil)
            try await call.send(Array("ping".utf8))
            try await served.answer([(":status", "200"), ("content-type", "application/grpc")])
            // Both ways at once: the answer has begun, the request goes on.
            try await call.until(blocks: 1)
            try await call.send(Array("more".utf8))
            try await call.end()
            try await served.untilEnded()
            #expect(served.state.body == Array("pingmore".utf8))
            try await served.send(Array("pong".utf8))
            try await served.end(trailers: [("grpc-status", "0"), ("x-t", "1"), ("x-forwarded-for", "9")])
            try await call.untilEnded()
            #expect(call.state.body == Array("pong".utf8))
            #expect(call.field("grpc-status", block: 1) == "0" && call.field("x-t", block: 1) == "1")
            #expect(call.field("x-forwarded-for", block: 1) == nil)
        }
    }

    @Test func anAnswerThatIsAHeadAloneStaysOne() async throws {
        try await withHTTP2Workspace { _, workspace, client, key in
            let call = try await client.request(
                post("/a.B/C", "script.test", key, [("content-type", "application/grpc")]), hasBody: true)
            try await call.end()
            let served = try await workspace.accept().accept()
            try await served.answer([(":status", "200"), ("grpc-status", "5")], endsStream: true)
            try await call.untilEnded()
            #expect(call.state.blocks.count == 1 && call.field("grpc-status") == "5")
        }
    }

    @Test func refusalsOfGRPCAreSaidInItsWords() async throws {
        try await Front.use { front in
            let client = try await front.connectHTTP2()
            let call = try await client.request(
                get("/a.B/C", "sim.test", nil) + [("content-type", "application/grpc+proto")], hasBody: true)
            try await call.untilEnded()
            #expect(call.field(":status") == "200" && call.field("grpc-status") == "16")
            #expect(call.field("grpc-message")?.contains("/.lakegate/login") == true)
            let plain = try await client.request(get("/api/2.0/x", "sim.test", nil))
            try await plain.untilEnded()
            #expect(plain.field(":status") == "401")
        }
    }

    @Test func unprocessedStreamsAreSentAgain() async throws {
        try await withHTTP2Workspace { _, workspace, client, key in
            let call = try await client.request(post("/x", "script.test", key), hasBody: true)
            try await call.send([1, 2, 3])
            try await call.end()
            let first = try await workspace.accept().accept()
            try await first.untilEnded()
            try await first.reset(.refusedStream)
            let second = try await workspace.accept().accept(1)
            try await second.untilEnded()
            #expect(second.state.body == [1, 2, 3])
            try await second.answer([(":status", "204")], endsStream: true)
            try await call.untilEnded()
            #expect(call.field(":status") == "204")
        }
    }

    @Test func aSlowReaderSlowsTheWorkspaceDown() async throws {
        try await withHTTP2Workspace { _, workspace, client, key in
            let call = try await client.request(get("/x", "script.test", key))
            call.stopConsuming()
            let served = try await workspace.accept().accept()
            try await served.answer([(":status", "200")])
            let piece = [UInt8](repeating: 1, count: 16_000_000)
            try await served.send(piece)
            try await served.end()
            try await eventually("the client's window to be full") { call.state.body.count >= 200_000 }
            try await Task.sleep(for: .milliseconds(300))
            // What is neither at the client nor at the workspace is at Lakegate, and that is little.
            let left = try await served.unsent()
            #expect(piece.count - left - call.state.body.count < 1_500_000)
            // Another stream of the same connection is not held up.
            let other = try await client.request(get("/y", "script.test", key))
            let next = try await workspace.accept().accept(1)
            try await next.answer([(":status", "204")], endsStream: true)
            try await other.untilEnded()
        }
    }

    @Test func aClientThatGivesUpIsToldToTheWorkspace() async throws {
        try await withHTTP2Workspace { _, workspace, client, key in
            let call = try await client.request(get("/x", "script.test", key))
            let served = try await workspace.accept().accept()
            try await served.answer([(":status", "200")])
            try await call.until(blocks: 1)
            try await call.reset()
            try await served.untilClosed()
            #expect(served.state.closed == .cancel)
        }
    }

    @Test func anAnswerThatBreaksIsNotTakenForAWhole() async throws {
        try await withHTTP2Workspace { _, workspace, client, key in
            let call = try await client.request(get("/x", "script.test", key))
            let served = try await workspace.accept().accept()
            try await served.answer([(":status", "200")])
            try await served.send([1])
            try await call.until(blocks: 1)
            try await served.reset(.internalError)
            try await call.untilClosed()
            #expect(!call.state.hasEnded && call.state.closed != .noError)
        }
    }

    @Test func aGRPCAnswerThatBreaksIsUnavailable() async throws {
        try await withHTTP2Workspace { _, workspace, client, key in
            let call = try await client.request(
                post("/a.B/C", "script.test", key, [("content-type", "application/grpc")]), hasBody: true)
            let served = try await workspace.accept().accept()
            try await served.answer([(":status", "200"), ("content-type", "application/grpc")])
            try await served.send([0, 0, 0, 0, 0])
            try await call.until(blocks: 1)
            try await workspace.accept().cut()
            try await call.untilEnded()
            #expect(call.state.body == [0, 0, 0, 0, 0] && call.field("grpc-status", block: 1) == "14")
        }
    }

    @Test func aConnectionThatTakesNoMoreStreamsIsStillAskedWhetherItLives() async throws {
        var times = EdgeTimes()
        times.pingAfter = .milliseconds(500)
        times.pingAnswer = .milliseconds(500)
        try await withHTTP2Workspace(times) { _, workspace, client, key in
            let call = try await client.request(get("/x", "script.test", key))
            let peer = try await workspace.accept()
            _ = try await peer.accept()
            try await peer.onLoop { $0.session.goAway(.noError) }
            peer.fallSilent()
            try await call.untilEnded()
            #expect(call.field(":status") == "502")
        }
    }

    @Test func drainingLetsStreamsFinish() async throws {
        try await withHTTP2Workspace { front, workspace, client, key in
            let call = try await client.request(get("/x", "script.test", key))
            let served = try await workspace.accept().accept()
            async let drained: Void = front.drain(within: .seconds(20))
            try await eventually("a GOAWAY") { client.goAways > 0 }
            try await served.answer([(":status", "200")])
            try await served.send([1, 2])
            try await served.end()
            try await call.untilEnded()
            #expect(call.state.body == [1, 2])
            await drained
        }
    }
}

/// A session's cookie, as one pair.
struct IssuedKeyCookie: Sendable {
    let pair: String

    init(_ key: IssuedKey) { pair = "__Host-lakegate=\(key.token.reveal())" }
}
