import Foundation
import Testing

@testable import Simulator

@Suite struct ControlTests {
    @Test func signInWithoutABrowserKeepsTheRules() async throws {
        try await RunningSimulator.use { running in
            let good = OAuthFixture.fields(OAuthFixture.authorizeFields).encoded
            let location = running.simulator.signIn(authorizeURL: "https://x/y?" + good, as: "ada@example.com")
            #expect(location?.hasPrefix(OAuthFixture.callback + "?code=") == true)
            let plain = OAuthFixture.fields(OAuthFixture.authorizeFields, ["code_challenge_method": "plain"]).encoded
            let refused = running.simulator.signIn(authorizeURL: "https://x/y?" + plain, as: "ada@example.com")
            #expect(refused?.contains("error=invalid_request") == true)
            #expect(running.simulator.signIn(authorizeURL: "https://x/y?" + good, as: "eve@example.com") == nil)
        }
    }

    @Test func grantedTokensWork() async throws {
        try await RunningSimulator.use { running in
            let grant = running.simulator.grant(to: "grace@example.com", client: "public-app")
            let me = "/api/2.0/preview/scim/v2/Me"
            let answer = try await running.curl(me, token: grant.accessToken.reveal())
            #expect(answer.field("x-simulator-user") == "grace@example.com")
            let next = try await running.refresh(try #require(grant.refreshToken).reveal())
            #expect(next.status == 200)
            #expect(running.simulator.counters.refreshes == 1)
        }
    }

    @Test func accessTokenLifeCanBeShortened() async throws {
        try await RunningSimulator.use { running in
            running.simulator.setAccessTokenLife(.milliseconds(1))
            let grant = running.simulator.grant(to: "ada@example.com", client: "public-app")
            try await Task.sleep(for: .milliseconds(5))
            #expect(try await running.curl("/api/2.1/clusters/list", token: grant.accessToken.reveal()).status == 403)
        }
    }

    @Test func stopEndsWhatIsUnderWay() async throws {
        try await RunningSimulator.use { running in
            let token = try await running.login().accessToken
            async let hanging = running.curl(TestRoutes.prefix + "slow?ms=30000", token: token)
            try await Task.sleep(for: .milliseconds(500))
            await running.simulator.stop()
            #expect(try await hanging.exit != 0)
            #expect(try await running.curl("/.well-known/databricks-config").exit == 7)
        }
    }

    @Test(arguments: [("", []), ("?close=1", []), ("", ["-H", "Expect: 100-continue"])])
    func earlyAnswersArrive(query: String, arguments: [String]) async throws {
        try await RunningSimulator.use { running in
            let token = try await running.login().accessToken
            let body = running.folder.path + "/zeros"
            _ = FileManager.default.createFile(atPath: body, contents: Data(count: 3 << 20))
            let upload = ["-T", body] + (arguments.isEmpty ? ["-H", "Expect:"] : arguments)
            let answer = try await running.curl(TestRoutes.prefix + "early" + query, upload, token: token)
            #expect(answer.status == 413)
        }
    }
}
