import Testing

/// Requests that nobody could forward without guessing.
@Suite(.timeLimit(.minutes(2)))
struct MalformedTests {
    static let cases: [(text: String, status: Int)] = [
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nhost: sim.test\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nhost: sim.test\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", 400),
        ("GET / HTTP/1.1\nhost: sim.test\n\n", 400),
        ("GET / HTTP/1.1\r\nhost : sim.test\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nhost: sim.test\r\n folded\r\n\r\n", 400),
        ("GET /../x HTTP/1.1\r\nhost: sim.test\r\n\r\n", 400),
        ("GET /%2elakegate/login HTTP/1.1\r\nhost: sim.test\r\n\r\n", 400),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n", 400),
        ("GET / HTTP/2.0\r\nhost: sim.test\r\n\r\n", 505),
        ("CONNECT sim.test:443 HTTP/1.1\r\nhost: sim.test\r\n\r\n", 405),
        ("POST / HTTP/1.1\r\nhost: sim.test\r\ntransfer-encoding: gzip\r\n\r\n", 501),
        ("GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\nhost: sim.test\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\nhost: sim.test\r\nx: \(String(repeating: "a", count: 70_000))\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\nhost: sim.test\r\n\(String(repeating: "a: b\r\n", count: 200))\r\n", 431),
    ]

    @Test func refusesAndCloses() async throws {
        try await Front.use { front in
            for (text, status) in Self.cases {
                let client = try await front.connect()
                // Behind another answer, so that nothing of an earlier exchange shows through.
                client.send("HEAD /first HTTP/1.1\r\nhost: sim.test\r\n\r\n")
                #expect(try await client.takeAnswer(toHEAD: true).status == 401)
                client.send(text + "GET /smuggled HTTP/1.1\r\nhost: sim.test\r\n\r\n")
                let answer = try await client.takeAnswer()
                #expect(answer.status == status, "\(text.prefix(60).debugDescription)")
                #expect(answer.field("connection") == "close" && !answer.body.isEmpty)
                try await client.untilOver()
                #expect(client.ending == .cleanly && client.pending.isEmpty)
            }
        }
    }

    @Test func saysWhatLimitAHeadIsBeyond() async throws {
        try await Front.use { front in
            let start = "GET / HTTP/1.1\r\nhost: sim.test\r\n"
            let large = try await front.ask(start + "x: \(String(repeating: "a", count: 70_000))\r\n\r\n")
            #expect(large.status == 431 && large.text.contains("larger than 65536 bytes"))
            let many = try await front.ask(start + String(repeating: "a: b\r\n", count: 200) + "\r\n")
            #expect(many.status == 431 && many.text.contains("more than 128 fields"))
            let peer = try await front.connectHTTP2()
            let fields = [(":method", "GET"), (":scheme", "https"), (":authority", "sim.test"), (":path", "/")]
            let call = try await peer.request(fields + (0..<200).map { ("a\($0)", "b") })
            try await call.untilEnded()
            let text = String(decoding: call.state.body, as: UTF8.self)
            #expect(call.field(":status") == "431" && text.contains("more than 128 fields"))
            peer.cut()
        }
    }

    @Test func refusesABodyThatTurnsOutMalformed() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send(
                "PUT /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n")
            let workspace = try await front.script.accept()
            _ = try await workspace.take(through: "abc")
            client.send("zz\r\n")
            let answer = try await client.takeAnswer()
            #expect(answer.status == 400 && answer.text.contains("A chunk does not begin with its size."))
            try await workspace.untilOver()
            #expect(workspace.ending != .cleanly && !workspace.pending.contains("0\r\n"))
        }
    }

    @Test func refusesTooMuchForItself() async throws {
        try await Front.use { front in
            for framing in ["content-length: 5000000", "transfer-encoding: chunked"] {
                let client = try await front.connect()
                client.send("POST /.lakegate/logout HTTP/1.1\r\nhost: sim.test\r\n\(framing)\r\n\r\n")
                let piece = [UInt8](repeating: 65, count: 8192)
                for _ in 0..<12 {
                    client.send(framing.hasSuffix("chunked") ? Array("2000\r\n".utf8) + piece + [13, 10] : piece)
                }
                let answer = try await client.takeAnswer()
                #expect(answer.status == 413 && answer.text.contains("larger than 65536 bytes"))
            }
        }
    }

    /// Lakegate is the one that goes on here, for there is no workspace that could.
    @Test func tellsAPatientClientToGoOn() async throws {
        try await Front.use { front in
            let client = try await front.connect()
            client.send(
                "POST /.lakegate/logout HTTP/1.1\r\nhost: sim.test\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n"
            )
            #expect(try await client.takeHead().hasPrefix("HTTP/1.1 100 "))
            client.send("a=b")
            #expect(try await client.takeAnswer().status >= 300)
        }
    }
}
