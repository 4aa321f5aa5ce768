import Basics
import Foundation
import Provider
import Testing

@Suite struct ProviderClientTests {
    private let server: LocalProvider
    private let client: ProviderClient

    init() throws {
        server = try LocalProvider.shared.get()
        client = ProviderClient(
            extraTrust: server.caPath,
            limits: ProviderLimits(connecting: .seconds(2), total: .milliseconds(1500)), threads: 2)
    }

    private func get(_ path: String, bearer: String? = nil) -> ProviderRequest {
        ProviderRequest(.get, url: server.url + path, authorization: bearer.map { Secret("Bearer \($0)") })
    }

    @Test func anAnswerComes() async throws {
        let answer = try await client.send(get("/echo", bearer: "abc"))
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("Bearer abc"))
    }

    @Test func readsKeepTheirConnectionAndSpendingOnesDoNot() async throws {
        let own = try LocalProvider()
        let client = ProviderClient(extraTrust: own.caPath, threads: 1)
        let read = ProviderRequest(.get, url: own.url + "/connections", authorization: nil)
        let spend = ProviderRequest(.post(Secret([1])), url: own.url + "/odd", authorization: nil)
        for _ in 0..<5 { #expect(try await client.send(read).body == Array("1".utf8)) }
        for _ in 0..<3 { _ = try await client.send(spend) }
        #expect(try await client.send(read).body == Array("4".utf8))
    }

    @Test func aRedirectIsNotFollowed() async throws {
        let answer = try await client.send(get("/redirect"))
        #expect(answer.status == 302)
        #expect(answer.body.isEmpty)
    }

    @Test func retryAfterIsHandedOn() async throws {
        let answer = try await client.send(get("/busy"))
        #expect(answer.status == 503 && answer.retryAfter == "7")
    }

    @Test(arguments: [
        ("/huge", "is too large"), ("/endless", "is too large"), ("/hugehead", "is too large"),
        ("/cut", "ended the connection"), ("/slow", "in time"), ("/drip", "in time"), ("/garbage", "answer in HTTP"),
    ])
    func badAnswersAreErrors(path: String, text: String) async throws {
        let error = await #expect(throws: ProviderError.self) { try await client.send(get(path)) }
        #expect("\(try #require(error))".contains(text), "\(String(describing: error))")
        #expect(try await client.send(get("/echo")).status == 200, "the handle goes on working")
    }

    @Test func aStrangersCertificateIsNotTrusted() async throws {
        let stranger = ProviderClient(extraTrust: nil, threads: 1)
        let error = await #expect(throws: ProviderError.self) { try await stranger.send(get("/echo")) }
        guard case .certificateNotTrusted(let origin, let detail) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(origin == server.url)
        #expect(detail.contains("self-signed"))
    }

    @Test func anotherNameIsNotTrusted() async throws {
        let request = ProviderRequest(.get, url: "https://127.0.0.1:\(server.port)/echo", authorization: nil)
        let error = await #expect(throws: ProviderError.self) { try await client.send(request) }
        guard case .certificateNotTrusted = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func theSystemsTrustStaysBesidesTheExtraFile() async throws {
        // The extra file holds another authority: the answer is "not trusted", not "file unusable".
        let other = try LocalProvider()
        let stranger = ProviderClient(extraTrust: other.caPath, threads: 1)
        let error = await #expect(throws: ProviderError.self) { try await stranger.send(get("/echo")) }
        #expect("\(try #require(error))".contains("not trusted"))
    }

    @Test(arguments: ["", "not a certificate"])
    func anUnusableTrustFileIsNamedAsSuch(contents: String) async throws {
        let path = try server.write(contents, to: UUID().uuidString)
        for path in [path, path + ".missing"] {
            let stranger = ProviderClient(extraTrust: path, threads: 1)
            await #expect(throws: ProviderError.trustFileUnusable) { try await stranger.send(get("/echo")) }
        }
    }

    @Test(arguments: ["http://localhost/", "file:///etc/passwd", "", "https", "ftp://localhost"])
    func onlyHTTPSIsSpoken(url: String) async {
        await #expect(throws: ProviderError.badURL) {
            try await client.send(ProviderRequest(.get, url: url, authorization: nil))
        }
    }

    @Test func unreachableHostsAreToldApart() async {
        await #expect(throws: ProviderError.cannotConnect(origin: "https://localhost:1")) {
            try await client.send(ProviderRequest(.get, url: "https://localhost:1/x?code=hidden", authorization: nil))
        }
        await #expect(throws: ProviderError.cannotResolve(origin: "https://nowhere.invalid")) {
            try await client.send(ProviderRequest(.get, url: "https://nowhere.invalid/x", authorization: nil))
        }
    }

    @Test func aCancelledWaiterBreaksNothing() async throws {
        let request = get("/slow")
        let waiter = Task { [client] in try await client.send(request) }
        waiter.cancel()
        await #expect(throws: ProviderError.self) { try await waiter.value }
        #expect(try await client.send(get("/echo")).status == 200)
    }

    @Test func tooManyWaitersAreTurnedAway() async throws {
        let small = ProviderClient(
            extraTrust: server.caPath, limits: ProviderLimits(total: .seconds(1), pending: 2), threads: 1)
        let request = get("/slow")
        let errors = await withTaskGroup(of: ProviderError?.self, returning: [ProviderError].self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do throws(ProviderError) {
                        _ = try await small.send(request)
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(into: []) { if let error = $1 { $0.append(error) } }
        }
        #expect(errors.count == 10)
        #expect(errors.filter { $0 == .busy }.count == 8)
    }
}
