import Foundation
import Metrics
import NIOCore
import NIOPosix
import Testing

@testable import Admin

@Suite("The admin listener, over sockets")
struct AdminServerTests {
    private let metrics = MetricsRegistry(workspaces: ["prod"], version: "test", startSeconds: 1)

    private func serving<Result: Sendable>(
        _ checks: [ReadinessCheck] = [], connectionLimit: Int = 64, idleLimit: TimeAmount = .seconds(60),
        _ body: @escaping @Sendable (Int) throws -> Result
    ) async throws -> Result {
        let site = AdminSite(metrics: metrics, checks: checks, limit: .milliseconds(100))
        let server = try await AdminServer.start(
            host: "127.0.0.1", port: 0, site: site, on: .singletonMultiThreadedEventLoopGroup,
            connectionLimit: connectionLimit, idleLimit: idleLimit)
        let port = server.port
        // The client blocks: on a thread of its own, or it would hold one that the server's tasks need.
        let result = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: Swift.Result { try body(port) }) }
        }
        await server.stop()
        return try result.get()
    }

    @Test(
        "each path and method has its status; CVE-2022-24797: nothing to debug with is among them",
        arguments: [
            ("GET /healthz", "200 OK"), ("HEAD /healthz", "200 OK"), ("GET /healthz?a=b", "200 OK"),
            ("GET /readyz", "200 OK"), ("GET /metrics", "200 OK"), ("GET /", "404 Not Found"),
            ("GET /healthz/", "404 Not Found"), ("DELETE /metrics", "405 Method Not Allowed"),
            ("GET /debug/pprof/", "404 Not Found"), ("GET /debug/vars", "404 Not Found"),
        ])
    func statuses(_ line: String, _ status: String) async throws {
        let answer = try await serving { try Client.exchange(line, port: $0) }
        #expect(answer.hasPrefix("HTTP/1.1 \(status)\r\n"))
    }

    @Test("health is one word, and HEAD has none")
    func health() async throws {
        let (get, head) = try await serving {
            (try Client.exchange("GET /healthz", port: $0), try Client.exchange("HEAD /healthz", port: $0))
        }
        #expect(get.hasSuffix("\r\n\r\nok\n"))
        #expect(head.hasSuffix("\r\n\r\n"))
        #expect(head.contains("Content-Length: 3\r\n"))
    }

    @Test("the metrics are the registry's")
    func exposition() async throws {
        metrics.requests.increment(WorkspaceIndex(0), .forwarded)
        let answer = try await serving { try Client.exchange("GET /metrics", port: $0) }
        #expect(answer.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
        #expect(answer.contains("\nlakegate_requests_total{workspace=\"prod\",outcome=\"forwarded\"} 1\n"))
    }

    @Test("readiness names each check; a silent one is not ready")
    func readiness() async throws {
        let checks = [
            ReadinessCheck("certificate") { .ready },
            ReadinessCheck("store") {
                try? await Task.sleep(for: .seconds(60))
                return .ready
            },
            ReadinessCheck("other") { .notReady("says \"no\"") },
        ]
        let answer = try await serving(checks) { try Client.exchange("GET /readyz", port: $0) }
        #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(answer.contains("Retry-After: 2\r\n"))
        let body = #"""
            {"checks":[{"name":"certificate","ready":true},\#
            {"name":"store","ready":false,"reason":"no answer within 0.1 seconds"},\#
            {"name":"other","ready":false,"reason":"says \"no\""}],"ready":false}

            """#
        #expect(answer.hasSuffix("\r\n\r\n" + body))
    }

    @Test("a connection serves several requests, also when they come at once")
    func keepAlive() async throws {
        let answers = try await serving { port in
            let client = try Client(port: port)
            client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /nothing HTTP/1.1\r\nHost: a\r\n\r\n")
            let first = client.receive(until: "here.\n")
            client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            return first + client.receive(until: "ok\n")
        }
        #expect(answers.matches(of: #/HTTP/1\.1 (\d+)/#).map(\.1) == ["200", "404", "200"])
    }

    @Test("a body is refused before it is read", arguments: ["Content-Length: 5", "Transfer-Encoding: chunked"])
    func body(_ header: String) async throws {
        let answer = try await serving { try Client.exchange("POST /healthz", port: $0, headers: header + "\r\n") }
        #expect(answer.hasPrefix("HTTP/1.1 413 "))
        #expect(answer.contains("Connection: close\r\n"))
    }

    @Test("nonsense is answered with 400")
    func nonsense() async throws {
        let answer = try await serving { port in
            let client = try Client(port: port)
            client.send("\u{16}\u{3}\u{1} not HTTP\r\n\r\n")
            return client.receive()
        }
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
    }

    @Test("connections are bounded, and a closed one makes room")
    func bounded() async throws {
        try await serving(connectionLimit: 1) { port in
            do {
                let first = try Client(port: port)
                first.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = first.receive(until: "ok\n")
                #expect(try Client.exchange("GET /healthz", port: port) == "")
            }
            let answers = (0..<50).lazy.map { _ in try? Client.exchange("GET /healthz", port: port) }
            #expect(answers.contains { $0?.hasSuffix("ok\n") == true })
        }
    }

    @Test("a silent connection is closed")
    func idle() async throws {
        let received = try await serving(idleLimit: .milliseconds(50)) { try Client(port: $0).receive() }
        #expect(received == "")
    }
}
