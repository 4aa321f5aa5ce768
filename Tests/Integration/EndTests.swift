import Foundation
import Testing

/// Connections and processes end in order, and what happened is on record.
@Suite(.timeLimit(.minutes(2)))
struct EndTests {
    @Test func clientsThatLeaveAtAnyMomentLeaveNothingBehind() async throws {
        try await Front.use { front in
            let key = try await front.logIn()
            let request =
                "PUT /api/2.0/lakegate-simulator/echo HTTP/1.1\r\nhost: sim.test\r\n\(key.cookie)content-length: 9\r\n\r\n123456789"
            for cut in stride(from: 1, to: request.utf8.count + 1, by: 9) {
                let client = try await front.connect()
                client.send(Array(request.utf8.prefix(cut)))
                if cut % 2 == 0 { client.close() } else { client.cut() }
            }
            try await eventually("that all are gone") { front.metrics.openConnections.value(.client) == 0 }
        }
    }

    @Test func aClientThatLeftIsNotWaitedFor() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send("GET /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)\r\n")
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            client.cut()
            try await workspace.untilOver()
            try await eventually("a line of it") { try front.accessLines().contains { $0.contains("client_gone") } }
        }
    }

    /// What it asked for last comes whole, with a proper end behind it.
    @Test func aClientThatEndsGetsItsLastAnswer() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send("GET /x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)connection: close\r\n\r\n")
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi")
            let answer = try await client.takeAnswer()
            #expect(answer.text == "hi" && answer.field("connection") == "close")
            try await client.untilOver()
            #expect(client.ending == .cleanly)
        }
    }

    @Test func writesALineForEveryRequestAndNoSecret() async throws {
        try await Front.use { front in
            let key = try await front.logIn()
            let token = try await front.token(for: key)
            _ = try await front.ask(
                "GET /api/2.1/clusters/list?code=geheim HTTP/1.1\r\nhost: sim.test\r\n\(key.cookie)\r\n")
            _ = try await front.ask(
                "GET /api/2.1/clusters/list HTTP/1.1\r\nhost: sim.test\r\nauthorization: Bearer \(token)\r\n\r\n")
            _ = try await front.ask("GET /\"\\x?code=geheim HTTP/1.1\r\nhost: sim.test\r\n\r\n")
            _ = try await front.ask("GET /.lakegate/session?state=geheim HTTP/1.1\r\nhost: sim.test\r\n\r\n")
            _ = try await front.ask("nonsense\r\n\r\n")
            try await eventually("five lines") { try front.accessLines().count >= 5 }
            let lines = try front.accessLines()
            #expect(lines.count == 5)
            for line in lines {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                #expect(object?["request_id"] is String && object?["status"] is Int && object?["outcome"] is String)
            }
            #expect(lines[0].contains(#""user":"ada@example.com","#) && lines[0].contains(#""workspace":"sim""#))
            let all = (lines + front.log.lines).joined()
            for secret in [token, key.token.reveal(), key.session.grant.accessToken.reveal(), "geheim", "lkg_"] {
                #expect(!all.contains(secret))
            }
        }
    }

    @Test func countsWhatHappened() async throws {
        try await Front.use { front in
            let key = try await front.logIn()
            #expect(
                try await front.ask("GET /api/2.1/clusters/list HTTP/1.1\r\nhost: sim.test\r\n\(key.cookie)\r\n").status
                    == 200)
            _ = try await front.ask("GET / HTTP/1.1\r\nhost: sim.test\r\n\r\n")
            _ = try await front.ask("GET / HTTP/1.1\r\nhost: other.test\r\n\r\n")
            let page = front.metrics.exposition()
            #expect(page.contains(#"lakegate_requests_total{workspace="sim",outcome="forwarded"} 1"#))
            #expect(page.contains(#"lakegate_requests_total{workspace="sim",outcome="unauthenticated"} 1"#))
            #expect(page.contains(#"lakegate_requests_total{workspace="-",outcome="refused"} 1"#))
            #expect(page.contains(#"lakegate_open_connections{side="upstream"} 1"#))
            try await eventually("that the clients are gone") { front.metrics.openConnections.value(.client) == 0 }
        }
    }
}
