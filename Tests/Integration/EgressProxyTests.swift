import Testing

/// A workspace that is reached through a proxy only.
@Suite(.timeLimit(.minutes(3)))
struct EgressProxyTests {
    private func send(_ front: Front, _ client: Line) async throws {
        let key = try await front.logIn(to: "script")
        client.send("GET /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)\r\n")
    }

    @Test func reachesTheWorkspace() async throws {
        let proxy = try await RelayProxy()
        var options = Front.Options()
        options.scriptProxyPort = proxy.port
        try await Front.use(options) { front in
            let client = try await front.connect()
            try await send(front, client)
            let workspace = try await front.script.accept()
            let head = try await workspace.takeHead()
            #expect(head.contains("localhost:\(front.script.port)") && !head.lowercased().contains("proxy"))
            workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            #expect(try await client.takeAnswer().text == "ok")
            let asked = try #require(proxy.requests.first)
            #expect(asked.hasPrefix("CONNECT localhost:\(front.script.port) HTTP/1.1\r\n"))
            #expect(asked.contains("proxy-authorization: Basic bWU6c2VjcmV0\r\n"))
        }
        try await proxy.stop()
    }

    @Test func saysWhatTheProxySaid() async throws {
        let proxy = try await RelayProxy()
        var options = Front.Options()
        options.scriptProxyPort = proxy.port
        options.scriptPort = 1
        try await Front.use(options) { front in
            let client = try await front.connect()
            try await send(front, client)
            #expect(try await client.takeAnswer().status == 503)
            let line = front.log.lines.first { $0.contains("workspace gave no answer") } ?? ""
            #expect(line.contains("through the proxy localhost:\(proxy.port): the proxy answers 503"), "\(line)")
            #expect(!front.log.lines.contains { $0.contains("secret") })
        }
        try await proxy.stop()
    }
}
