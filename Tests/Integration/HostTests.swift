import Testing

/// Answers in which the workspace names itself do not lead a client around Lakegate.
@Suite(.timeLimit(.minutes(2)))
struct HostTests {
    /// The answer that a client gets to a request, when the workspace answers what `reply` makes of its own authority.
    private func ask(
        _ front: Front, _ path: String, fields: String = "", pieces: [String]
    ) async throws -> (answer: Answer, head: String) {
        let key = try await front.logIn(to: "script")
        let client = try await front.connect()
        client.send("GET \(path) HTTP/1.1\r\nhost: script.test:8443\r\n\(key.cookie)\(fields)\r\n")
        let workspace = try await front.script.accept()
        let head = try await workspace.takeHead()
        for piece in pieces { workspace.send(piece) }
        return (try await client.takeAnswer(), head)
    }

    @Test(arguments: [
        ("https://localhost:PORT/api/2.0/x?y=1", "https://script.test:8443/api/2.0/x?y=1"),
        ("https://LOCALHOST:PORT", "https://script.test:8443"),
        ("https://localhost:PORT1/x", "https://localhost:PORT1/x"), ("/x", "/x"),
        ("https://localhost.evil.example/x", "https://localhost.evil.example/x"),
        ("https://login.microsoftonline.com/tenant/oauth2/authorize?r=https://localhost:PORT/", nil),
    ])
    func aLocationStaysWithUs(_ said: String, _ told: String?) async throws {
        try await Front.use { front in
            let said = said.replacing("PORT", with: "\(front.script.port)")
            let told = told?.replacing("PORT", with: "\(front.script.port)") ?? said
            let (answer, _) = try await ask(
                front, "/x", pieces: ["HTTP/1.1 302 Found\r\nlocation: \(said)\r\ncontent-length: 0\r\n\r\n"])
            #expect(answer.status == 302 && answer.fields("location") == [told])
        }
    }

    @Test(arguments: [false, true])
    func warehousesAreReachedThroughUs(inChunks: Bool) async throws {
        try await Front.use { front in
            let body =
                #"{"id":"w1","odbc_params":{"hostname":"localhost","port":\#(front.script.port)},"jdbc_url":"#
                + #""jdbc:spark://localhost:\#(front.script.port)/default"}"#
            let framed =
                inChunks
                ? ["transfer-encoding: chunked\r\n\r\n"]
                    + body.map { "1\r\n\($0)\r\n" } + ["0\r\n\r\n"]
                : ["content-length: \(body.utf8.count)\r\n\r\n", body]
            let (answer, head) = try await ask(
                front, "/api/2.0/sql/warehouses/w1", fields: "accept-encoding: gzip\r\n",
                pieces: ["HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-databricks-org-id: 1\r\n"] + framed)
            #expect(
                answer.text == #"{"id":"w1","odbc_params":{"hostname":"script.test","port":8443},"jdbc_url":"#
                    + #""jdbc:spark://script.test:8443/default"}"#)
            #expect(
                answer.field("content-length") == "\(answer.body.count)" && answer.field("x-databricks-org-id") == "1")
            #expect(!head.lowercased().contains("accept-encoding"))
        }
    }

    @Test func anAnswerThatIsCompressedOrHugeOrAnErrorStaysAsItIs() async throws {
        try await Front.use { front in
            let body = #"{"hostname":"localhost"}"#
            for fields in ["content-encoding: gzip\r\n", "x-y: z\r\n"] {
                let status = fields.hasPrefix("x") ? "404 Not Found" : "200 OK"
                let (answer, _) = try await ask(
                    front, "/api/2.0/sql/warehouses",
                    pieces: [
                        "HTTP/1.1 \(status)\r\nconnection: close\r\n\(fields)content-length: \(body.utf8.count)\r\n\r\n\(body)"
                    ])
                #expect(answer.text == body)
            }
            let huge = body + String(repeating: " ", count: 1_100_000)
            let chunked = "\(String(huge.utf8.count, radix: 16))\r\n\(huge)\r\n0\r\n\r\n"
            let (answer, _) = try await ask(
                front, "/api/2.0/sql/warehouses",
                pieces: ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", chunked])
            #expect(answer.text == huge)
        }
    }

    @Test func anAnswerThatBreaksOffIsNoAnswer() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send("GET /api/2.0/sql/warehouses HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)\r\n")
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
            workspace.close()
            #expect(try await client.takeAnswer().status == 502)
        }
    }

    @Test func apiCallsCarryNoCookiesOfTheWorkspace() async throws {
        try await Front.use { front in
            for (path, goesOn) in [("/api/2.0/x", false), ("/sql/1.0/warehouses/w", false), ("/explore", true)] {
                let key = try await front.logIn(to: "script")
                let client = try await front.connect()
                client.send(
                    "GET \(path) HTTP/1.1\r\nhost: script.test\r\ncookie: a=1; __Host-lakegate=\(key.token.reveal())\r\n\r\n"
                )
                let workspace = try await front.script.accept()
                let head = Answer(try await workspace.takeHead())
                #expect(head.fields("cookie") == (goesOn ? ["a=1"] : []))
                workspace.send(
                    "HTTP/1.1 200 OK\r\nconnection: close\r\nset-cookie: b=2\r\nalt-svc: h3=\":5443\"\r\nx-databricks-org-id: 7\r\ncontent-length: 0\r\n\r\n"
                )
                let answer = try await client.takeAnswer()
                #expect(answer.fields("set-cookie") == (goesOn ? ["b=2"] : []))
                #expect(answer.fields("alt-svc").isEmpty && answer.field("x-databricks-org-id") == "7")
            }
        }
    }

    @Test func whatClientsSayAsideIsAnsweredHere() async throws {
        try await Front.use { front in
            let told = try await front.ask(
                "POST /telemetry-unauth HTTP/1.1\r\nhost: script.test\r\ncontent-length: 2\r\n\r\n{}")
            #expect(told.status == 200 && told.text == "{}")
            let hosts = try await front.ask("GET /api/2.0/fs/endpoints HTTP/1.1\r\nhost: script.test\r\n\r\n")
            #expect(hosts.status == 404 && hosts.text.contains("ENDPOINT_NOT_FOUND"))
            for other in ["/telemetry-unauthx", "/telemetry-ext", "/api/2.0/fs/endpoints/x"] {
                let answer = try await front.ask("GET \(other) HTTP/1.1\r\nhost: script.test\r\n\r\n")
                #expect(answer.status == 401, "\(other)")
            }
            #expect(front.script.connectionCount == 0)
        }
    }
}
