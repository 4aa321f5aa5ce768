import Basics
import NIOCore
import Testing

@testable import Edge

@Suite("Through an egress proxy")
struct ProxyTests {
    private func proxy(_ answer: String, at host: String = "127.0.0.1") async throws -> Place {
        try await Place(.proxy(answer, try Certified.kit.get().server), at: host)
    }

    private func rehearse(
        _ places: Place..., login: String? = nil, times: DialTimes = Rehearsal.times
    ) async throws -> Rehearsal {
        let proxy = EgressProxy(host: "proxy.internal", port: 3128, login: login.map { Secret($0) })
        return try await Rehearsal(ScriptedNames(.addresses(places.map(\.address))), times: times, proxy: proxy)
    }

    @Test(
        "a tunnel leads to the workspace",
        arguments: [
            "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 200 Connection established\r\nproxy-agent: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", "HTTP/1.1 103 Wait\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        ])
    func tunnel(answer: String) async throws {
        let proxy = try await proxy(answer)
        try await rehearse(proxy).expect(proxy.address)
        #expect(proxy.requests == ["CONNECT workspace.test:443 HTTP/1.1\r\nhost: workspace.test:443\r\n\r\n"])
    }

    @Test("the proxy gets the login, and only the proxy")
    func login() async throws {
        let proxy = try await proxy("HTTP/1.1 200 OK\r\n\r\n")
        let rehearsal = try await rehearse(proxy, login: "me:p@ss:wörd")
        try await rehearsal.expect(proxy.address)
        #expect(proxy.requests.first?.contains("\r\nproxy-authorization: Basic bWU6cEBzczp3w7ZyZA==\r\n") == true)
    }

    @Test("a refusal is final and has the proxy's status", arguments: [407, 403, 502, 301])
    func refuses(status: Int) async throws {
        let answer = "HTTP/1.1 \(status) No\r\nproxy-authenticate: Basic\r\ncontent-length: 3\r\n\r\nno!"
        let (first, second) = (try await proxy(answer), try await proxy(answer, at: "127.0.0.2"))
        let failure = try await rehearse(first, second).expectFailure()
        #expect(failure.cause == .proxy(status: status))
        #expect(
            failure.text.hasPrefix(
                "cannot connect to workspace.test:443 through the proxy proxy.internal:3128: the proxy answers \(status) ("
            ))
        #expect(second.count == 0)
        try await eventually("the proxy is left") { first.openCount == 0 }
    }

    @Test(
        "what is no answer of a proxy is left for the next address",
        arguments: [
            "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nand more", "\r\n\r\n",
            "HTTP/1.1 200 OK\r\nx: " + String(repeating: "x", count: 100_000) + "\r\n\r\n",
            "HTTP/1.1 200 OK\r\nx: " + String(repeating: "x", count: 100_000),
            String(repeating: "HTTP/1.1 103 Wait\r\n\r\n", count: 4000),
        ])
    func nonsense(answer: String) async throws {
        let (first, second) = (try await proxy(answer), try await proxy("HTTP/1.1 200 OK\r\n\r\n", at: "127.0.0.2"))
        let rehearsal = try await rehearse(first, second)
        try await rehearsal.expect(second.address)
        let failure = try await rehearse(first).expectFailure()
        #expect(failure.cause == .proxy(status: nil))
        #expect(failure.text.contains("is not that of an HTTP proxy"))
    }

    @Test("a proxy that never answers is left in time, and one that closes at once")
    func silent() async throws {
        var times = Rehearsal.times
        times.handshake = .milliseconds(200)
        let (silent, closing) = (try await Place(.silent), try await Place(.closing, at: "127.0.0.2"))
        let failure = try await rehearse(silent, closing, times: times).expectFailure()
        #expect(failure.attempts.map(\.cause) == [.proxy(status: nil), .proxy(status: nil)])
        #expect(failure.text.contains("no answer in time (127.0.0.1"))
        #expect(failure.attempts.last?.reason.contains("the proxy") == true)
    }

    @Test("half an answer is none")
    func half() async throws {
        var times = Rehearsal.times
        times.handshake = .milliseconds(200)
        let proxy = try await proxy("HTTP/1.1 20")
        let failure = try await rehearse(proxy, times: times).expectFailure()
        #expect(failure.text.contains("the proxy gives no answer in time") && proxy.count == 1)
    }

    @Test("the workspace behind the proxy must have the right certificate")
    func wrongCertificate() async throws {
        let proxy = try await Place(.proxy("HTTP/1.1 200 OK\r\n\r\n", try Certified.kit.get().stranger))
        let failure = try await rehearse(proxy).expectFailure()
        #expect(failure.cause == .tls && failure.text.contains("certificate"))
    }
}
