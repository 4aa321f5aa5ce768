import Testing

/// Who does not read is not written to: bounded by what both sides' sockets and buffers hold.
@Suite(.timeLimit(.minutes(2)))
struct BackpressureTests {
    private let most = 16 << 20

    private func pump(_ from: Line, upTo limit: Int) async throws -> Int {
        let piece = [UInt8](repeating: 7, count: 65_536)
        var sent = 0
        var idle = 0
        while sent < limit, idle < 100 {
            if try await from.isWritable {
                from.send(piece)
                sent += piece.count
                idle = 0
            } else {
                idle += 1
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        return sent
    }

    @Test func pausesTheWorkspaceWhileTheClientDoesNotRead() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send("GET /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)\r\n")
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            let size = 96 << 20
            workspace.send("HTTP/1.1 200 OK\r\ncontent-length: \(size)\r\n\r\n")
            _ = try await client.takeHead()
            client.onlyCount()
            client.stopReading()
            let sent = try await pump(workspace, upTo: 2 * most)
            #expect(sent < most)
            client.readOn()
            let before = client.totalReceived
            try await eventually("what was held back") { client.totalReceived - before > 65_536 }
            let rest = try await pump(workspace, upTo: most)
            #expect(rest > 8 << 20)
        }
    }

    @Test func pausesTheClientWhileTheWorkspaceDoesNotRead() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send("PUT /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)content-length: \(96 << 20)\r\n\r\n")
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.onlyCount()
            workspace.stopReading()
            let sent = try await pump(client, upTo: 2 * most)
            #expect(sent < most)
            workspace.readOn()
            try await eventually("all that was sent") { workspace.totalReceived >= sent }
        }
    }
}
