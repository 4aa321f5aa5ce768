import Testing

/// A request for a host name that belongs to no workspace.
@Suite(.timeLimit(.minutes(2)))
struct UnknownHostTests {
    private let browser = "accept: text/html\r\nsec-fetch-mode: navigate\r\n"

    @Test func aProgramIsToldOnceAndForAll() async throws {
        try await Front.use { front in
            let answer = try await front.ask(
                "POST /sql/1.0/x HTTP/1.1\r\nhost: other.test\r\ncontent-length: 0\r\n\r\n")
            #expect(answer.status == 400 && answer.text.contains(#""error_code":"INVALID_PARAMETER_VALUE""#))
            #expect(answer.text.contains("other.test") && answer.field("retry-after") == nil)
            #expect(answer.field("x-databricks-reason-phrase")?.contains("other.test") == true)
            try await eventually("the line") {
                try front.accessLines().contains { $0.contains(#""status":400,"outcome":"unknown_host""#) }
            }
        }
    }

    @Test func aBrowserIsShownAPage() async throws {
        try await Front.use { front in
            let answer = try await front.ask("GET /sql?o=1 HTTP/1.1\r\nhost: other.test\r\n\(browser)\r\n")
            let id = try #require(answer.field("x-request-id"))
            #expect(answer.status == 400 && answer.field("content-type") == "text/html; charset=utf-8")
            #expect(answer.text.contains("other.test") && answer.text.contains("<footer>Request \(id)</footer>"))
            #expect(!answer.text.contains("http-equiv"))
        }
    }

    @Test func overHTTP2AnotherConnectionMayHelp() async throws {
        try await Front.use { front in
            let client = try await front.connectHTTP2()
            let fields = [(":method", "GET"), (":scheme", "https"), (":authority", "other.test"), (":path", "/x")]
            let program = try await client.request(fields)
            try await program.untilEnded()
            #expect(program.field(":status") == "421" && program.field("content-type") == "application/json")
            let person = try await client.request(fields + [("accept", "text/html"), ("sec-fetch-mode", "navigate")])
            try await person.untilEnded()
            #expect(person.field(":status") == "421" && person.field("content-type") == "text/html; charset=utf-8")
        }
    }
}
