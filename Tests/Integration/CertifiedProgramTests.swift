import Testing

/// A program that shows a certificate asks people for sessions.
@Suite(.timeLimit(.minutes(2)))
struct CertifiedProgramTests {
    private func request(_ method: String, _ path: String = "", _ fields: String = "", host: String = "ruled.test")
        -> String
    {
        "\(method) /.lakegate/handoffs\(path) HTTP/1.1\r\nhost: \(host)\r\naccept: application/json\r\n\(fields)"
            + "content-length: 0\r\n\r\n"
    }

    private func id(_ answer: Answer) throws -> String {
        try #require(answer.text.firstMatch(of: #/"id":"([^"]+)"/#).map { String($0.output.1) })
    }

    @Test func asksWatchesAndEnds() async throws {
        try await Front.use(Ruled([]).options) { front in
            let program = try await front.connect(withCertificate: true)
            program.send(request("POST"))
            let asked = try await program.takeAnswer()
            #expect(asked.status == 201 && asked.text.contains(#""handle":"lkh_"#))
            let path = "/\(try id(asked))"
            program.send(request("GET", path))
            #expect(try await program.takeAnswer().text.contains(#""state":"pending""#))
            #expect(try await front.ask(request("GET", path)).status == 401)
            program.send(request("DELETE", path))
            #expect(try await program.takeAnswer().text.contains(#""state":"ended""#))
        }
    }

    /// What outranks a certificate counts in its place, even where it opens nothing.
    @Test func aCertificateCountsOnlyAlone() async throws {
        try await Front.use(Ruled([]).options) { front in
            let person = try await front.logIn(to: "ruled")
            let program = try await front.connect(withCertificate: true)
            for fields in [
                person.cookie, "cookie: __Host-lakegate=x; __Host-lakegate=y\r\n", "authorization: Bearer lkc_x\r\n",
                "authorization: Basic eDp5\r\n", "origin: https://other.test\r\n", "origin: null\r\n",
            ] {
                program.send(request("POST", "", fields))
                #expect(try await program.takeAnswer().status == 401, "\(fields)")
            }
            program.send(request("POST", "", host: "script.test"))
            #expect(try await program.takeAnswer().status == 401)
            program.send(request("POST", "", "origin: https://ruled.test\r\n"))
            #expect(try await program.takeAnswer().status == 201)
        }
    }
}
