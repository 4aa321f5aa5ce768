import Basics
import Foundation
import Metrics
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Admin

private let secret = "0123456789abcdef0123456789abcdef"

/// Writes down what it is asked.
final class NotingDesk: SessionAdministering {
    let asked = Mutex<[String]>([])
    let reply: SessionReply

    init(_ reply: SessionReply = .done(json: "{\"ended\":1}\n")) {
        self.reply = reply
    }

    func list(_ query: SessionQuery) async -> SessionReply { note("list", query) }
    func end(_ query: SessionQuery) async -> SessionReply { note("end", query) }

    private func note(_ verb: String, _ query: SessionQuery) -> SessionReply {
        asked.withLock {
            $0.append("\(verb) \(query.session ?? "-") \(query.user ?? "-") \(query.workspace ?? "-")")
        }
        return reply
    }
}

@Suite("The admin API for sessions, over sockets")
struct SessionAPITests {
    private let desk = NotingDesk()
    private let shown = "Authorization: Bearer \(secret)\r\n"
    private let form = "Content-Type: application/x-www-form-urlencoded\r\n"

    private func ask(
        _ line: String, host: String = "127.0.0.1:9901", headers: String? = nil, body: String? = nil,
        token: AdminToken = .token(Secret(Array(secret.utf8))), desk: NotingDesk? = nil
    ) async throws -> String {
        let site = AdminSite(
            metrics: MetricsRegistry(workspaces: [], version: "", startSeconds: 0), checks: [],
            sessions: SessionAPI(token: { token }, listenHost: "Admin.internal", sessions: desk ?? self.desk))
        let server = try await AdminServer.start(
            host: "127.0.0.1", port: 0, site: site, on: .singletonMultiThreadedEventLoopGroup)
        let (port, headers) = (server.port, headers ?? shown)
        let result = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let answer = Swift.Result {
                    try Client.exchange(line, port: port, host: host, headers: headers, body: body)
                }
                continuation.resume(returning: answer)
            }
        }
        await server.stop()
        return try result.get()
    }

    private func status(_ answer: String) -> Substring {
        answer.dropFirst("HTTP/1.1 ".count).prefix(3)
    }

    @Test("a list is asked for by the URL")
    func lists() async throws {
        let desk = NotingDesk(.done(json: "{\"sessions\":[]}\n"))
        let answer = try await ask("GET /sessions?user=ann%40example.com&workspace=prod", desk: desk)
        #expect(status(answer) == "200" && answer.hasSuffix("\r\n\r\n{\"sessions\":[]}\n"))
        #expect(answer.contains("Content-Type: application/json\r\n") && answer.contains("Cache-Control: no-store\r\n"))
        #expect(!answer.lowercased().contains("access-control"))
        _ = try await ask("GET /sessions", desk: desk)
        #expect(desk.asked.withLock { $0 } == ["list - ann@example.com prod", "list - - -"])
    }

    @Test("an end is asked for by a form or by JSON")
    func ends() async throws {
        let json = "Content-Type: application/json; charset=utf-8\r\n"
        let first = try await ask("POST /sessions/end", headers: shown + form, body: "user=ann%40example.com")
        #expect(status(first) == "200" && first.hasSuffix("{\"ended\":1}\n"))
        _ = try await ask("POST /sessions/end", headers: shown + json, body: #"{"workspace":"prod","user":"b"}"#)
        _ = try await ask("POST /sessions/end", headers: shown + json, body: #"{"session":"abc"}"#)
        #expect(desk.asked.withLock { $0 } == ["end - ann@example.com -", "end - b prod", "end abc - -"])
    }

    @Test(
        "what is not clear ends nothing",
        arguments: [
            ("application/x-www-form-urlencoded", ""), ("application/x-www-form-urlencoded", "user="),
            ("application/x-www-form-urlencoded", "users=a&workspace=prod"),
            ("application/x-www-form-urlencoded", "user=a&user=b"),
            ("application/x-www-form-urlencoded", "session=a&workspace=prod"),
            ("application/x-www-form-urlencoded", "user=%"), ("application/json", "user=a"),
            ("application/json", "{}"), ("application/json", #"{"user":null}"#),
            ("application/json", #"{"user":["a"]}"#),
            ("application/json", #"{"User":"a"}"#), ("application/json", ""), ("text/plain", "user=a"), ("", "user=a"),
        ])
    func unclear(type: String, body: String) async throws {
        let answer = try await ask("POST /sessions/end", headers: shown + "Content-Type: \(type)\r\n", body: body)
        #expect(status(answer) == "400")
        #expect(desk.asked.withLock { $0 }.isEmpty)
    }

    @Test(
        "a query beside the body, and a misspelt name in a list, are refused",
        arguments: [
            "POST /sessions/end?user=a", "GET /sessions?usr=a", "GET /sessions?user=",
        ])
    func queries(line: String) async throws {
        let body: String? = line.hasPrefix("POST") ? "workspace=prod" : nil
        let answer = try await ask(line, headers: shown + (body == nil ? "" : form), body: body)
        #expect(status(answer) == "400" && desk.asked.withLock { $0 }.isEmpty)
    }

    @Test(
        "only the token opens it",
        arguments: [
            "", "Authorization: Bearer\r\n", "Authorization: Bearer \r\n",
            "Authorization: Bearer \(secret.dropLast())\r\n",
            "Authorization: Bearer \(secret)0\r\n", "Authorization: Basic \(secret)\r\n",
            "Authorization: Bearer \(secret.uppercased())\r\n",
            "Authorization: Bearer \(secret)\r\nAuthorization: Bearer \(secret)\r\n",
        ])
    func strangers(headers: String) async throws {
        for line in ["GET /sessions", "POST /sessions/end", "DELETE /sessions"] {
            let answer = try await ask(line, headers: headers)
            #expect(status(answer) == "401" && answer.contains("WWW-Authenticate: Bearer"))
        }
        #expect(desk.asked.withLock { $0 }.isEmpty)
    }

    @Test(
        "pages and foreign names are refused, token or not",
        arguments: [
            ("127.0.0.1", "Origin: http://127.0.0.1:9901\r\n", false), ("127.0.0.1", "Origin: null\r\n", false),
            ("evil.example", "", false), ("evil.example:9901", "", false), ("127.0.0.1.evil.example", "", false),
            ("", "", false), ("[::1", "", false), ("127.0.0.1:x", "", false), ("localhost.evil", "", false),
            ("127.0.0.1", "", true), ("127.0.0.1:9901", "", true), ("[::1]:9901", "", true), ("LOCALHOST:1", "", true),
            ("admin.internal:9901", "", true), ("10.1.2.3:9901", "", true),
        ])
    func rebinding(host: String, more: String, isGood: Bool) async throws {
        let answer = try await ask("GET /sessions", host: host, headers: shown + more)
        #expect(status(answer) == (isGood ? "200" : "403"))
        #expect(desk.asked.withLock { $0.count } == (isGood ? 1 : 0))
    }

    @Test("without a token configured it is closed, and says how to open it")
    func closed() async throws {
        let answer = try await ask("GET /sessions", token: .none)
        #expect(status(answer) == "403" && answer.contains("admin.tokenFile"))
        #expect(status(try await ask("GET /sessions", token: .unusable)) == "503")
        #expect(desk.asked.withLock { $0 }.isEmpty)
    }

    @Test(
        "other methods are refused",
        arguments: [
            ("POST /sessions", "GET"), ("HEAD /sessions", "GET"), ("GET /sessions/end", "POST"),
            ("OPTIONS /sessions/end", "POST"),
        ])
    func methods(line: String, allowed: String) async throws {
        let answer = try await ask(line)
        #expect(status(answer) == "405" && answer.contains("Allow: \(allowed)\r\n"))
    }

    @Test("a body that is too large is not taken in")
    func large() async throws {
        let answer = try await ask(
            "POST /sessions/end", headers: shown + form, body: "user=" + String(repeating: "a", count: 20_000))
        #expect(status(answer) == "413" && answer.contains("Connection: close\r\n"))
        #expect(status(try await ask("GET /sessions", headers: shown + form, body: "user=a")) == "413")
        #expect(desk.asked.withLock { $0 }.isEmpty)
    }

    @Test("a store that fails is told apart from a mistake")
    func failures() async throws {
        let away = NotingDesk(.storeFailed(json: "{\"ended\":3}\n"))
        let answer = try await ask("POST /sessions/end", headers: shown + form, body: "user=a", desk: away)
        #expect(status(answer) == "503" && answer.contains("Retry-After: 5\r\n") && answer.hasSuffix("{\"ended\":3}\n"))
        let wrong = try await ask("GET /sessions", desk: NotingDesk(.mistake("no")))
        #expect(status(wrong) == "400" && wrong.hasSuffix("no\n"))
    }
}
