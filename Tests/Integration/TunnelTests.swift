import Simulator
import TLS
import Testing

/// A WebSocket goes through once the workspace has agreed to it, and only then.
@Suite(.timeLimit(.minutes(3)))
struct TunnelTests {
    private static let granted =
        "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n"
        + "sec-websocket-accept: abc\r\n\r\n"

    private func ask(
        _ front: Front, _ credential: String, extra: String = "", behind: String = ""
    ) async throws -> Line {
        let client = try await front.connect()
        client.send(
            "GET /driver-proxy-api/x HTTP/1.1\r\nhost: script.test\r\n\(credential)\(extra)"
                + "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: abc\r\n\r\n\(behind)")
        return client
    }

    private func tunnel(_ front: Front) async throws -> (client: Line, workspace: Line) {
        let client = try await ask(front, try await front.logIn(to: "script").cookie)
        let workspace = try await front.script.accept()
        let head = try await workspace.takeHead().lowercased()
        #expect(head.contains("authorization: bearer ") && !head.contains("lkg_"))
        #expect(head.contains("connection: upgrade\r\n") && head.contains("upgrade: websocket\r\n"))
        workspace.send(Self.granted)
        #expect(try await client.takeHead().hasPrefix("HTTP/1.1 101 "))
        return (client, workspace)
    }

    @Test func bytesGoBothWaysUnchanged() async throws {
        try await Front.use { front in
            let (client, workspace) = try await tunnel(front)
            client.send("\u{01}from the client")
            #expect(try await workspace.take(16) == Array("\u{01}from the client".utf8))
            let large = [UInt8](repeating: 7, count: 3_000_000)
            workspace.send(large)
            #expect(try await client.take(large.count) == large)
            client.close()
            try await workspace.untilOver()
            try await eventually("the line of the access log") {
                try front.accessLines().contains { $0.contains(#""status":101"#) && $0.contains("ada@") }
            }
        }
    }

    @Test func nothingIsForwardedBefore101() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await ask(front, key.cookie, behind: "early bytes")
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            #expect(workspace.pending.isEmpty)
            workspace.send(Self.granted + "hello")
            #expect(try await client.takeHead().hasPrefix("HTTP/1.1 101 "))
            #expect(try await client.take(5) == Array("hello".utf8))
            #expect(try await workspace.take(11) == Array("early bytes".utf8))
        }
    }

    @Test func aRefusalLeavesNoTunnel() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let smuggled = "GET /smuggled HTTP/1.1\r\nhost: script.test\r\n\r\n"
            let client = try await ask(front, key.cookie, behind: smuggled)
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.send("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno")
            let answer = try await client.takeAnswer()
            #expect(answer.status == 403 && answer.field("connection") == "close")
            try await client.untilOver()
            #expect(workspace.pending.isEmpty)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n",
        "HTTP/1.0 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    ])
    func anotherSwitchIsNoAnswer(_ head: String) async throws {
        try await Front.use { front in
            let client = try await ask(front, try await front.logIn(to: "script").cookie)
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.send(head)
            #expect(try await client.takeAnswer().status == 502)
        }
    }

    @Test func a101NobodyAskedForIsNoAnswer() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send("GET /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)\r\n")
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.send(Self.granted)
            #expect(try await client.takeAnswer().status == 502)
        }
    }

    @Test func withoutASessionItIsRefused() async throws {
        try await Front.use { front in
            let client = try await ask(front, "")
            #expect(try await client.takeAnswer().status == 401)
            #expect(front.script.connectionCount == 0)
        }
    }

    @Test func aPageOfAnotherSiteGetsNone() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await ask(front, key.cookie, extra: "origin: https://evil.test\r\n")
            #expect(try await client.takeAnswer().status == 403)
            #expect(front.script.connectionCount == 0)
            let own = try await ask(front, key.cookie, extra: "origin: https://Script.Test\r\n")
            _ = try await front.script.accept().takeHead()
            own.close()
        }
    }

    @Test func theEndOfTheSessionIsTheEndOfTheTunnel() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await ask(front, key.cookie)
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.send(Self.granted)
            _ = try await client.takeHead()
            // A frame of four bytes, of which two are here: our own word waits for the rest.
            workspace.send([0x82, 4, 1, 2])
            #expect(try await client.take(4) == [0x82, 4, 1, 2])
            try await front.keeper.end(key.session.id)
            workspace.send([3, 4])
            #expect(try await client.take(2) == [3, 4])
            #expect(try await client.take(4) == [0x88, 2, 0x03, 0xF0])
            try await client.untilOver()
            try await workspace.untilOver()
        }
    }

    @Test func drainingEndsTunnelsWithAWord() async throws {
        try await Front.use { front in
            let (client, workspace) = try await tunnel(front)
            async let drained: Void = front.drain(within: .seconds(20))
            #expect(try await client.take(4) == [0x88, 2, 0x03, 0xE9])
            try await client.untilOver()
            try await workspace.untilOver()
            await drained
        }
    }
}
