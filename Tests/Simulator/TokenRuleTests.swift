import Basics
import Testing

@testable import Simulator

@Suite struct TokenRuleTests {
    @Test func codeBecomesTokens() throws {
        var fixture = OAuthFixture()
        let answer = try fixture.exchange(fixture.code()).get()
        #expect(answer.refreshToken != nil)
        #expect(answer.lifeSeconds == 3600)
        #expect(answer.accessToken.split(separator: ".").count == 3)
        #expect(fixture.isLive(answer.accessToken))
        fixture.now = fixture.now + .seconds(3600)
        #expect(!fixture.isLive(answer.accessToken))
    }

    @Test func noRefreshTokenWithoutOfflineAccess() throws {
        var fixture = OAuthFixture()
        #expect(try fixture.exchange(fixture.code(scope: "all-apis")).get().refreshToken == nil)
    }

    static let refusedExchanges: [(changes: [String: String?], error: String)] = [
        (["code": nil], "400 invalid_request"),
        (["code": "made-up"], "400 invalid_grant"),
        (["redirect_uri": "https://proxy.example.com/other"], "400 invalid_grant"),
        (["redirect_uri": nil], "400 invalid_grant"),
        (["code_verifier": nil], "400 invalid_request"),
        (["code_verifier": String(repeating: "x", count: 43)], "400 invalid_grant"),
        (["code_verifier": "short"], "400 invalid_request"),
        (["client_id": "nobody"], "401 invalid_client"),
        (["client_id": nil], "401 invalid_client"),
        (["client_id": "secret-app"], "401 invalid_client"),
        (["client_id": "secret-app", "client_secret": "pass:word&1"], "400 invalid_grant"),
        (["client_id": "secret-app", "client_secret": "wrong"], "401 invalid_client"),
        (["client_secret": "a public client has none"], "401 invalid_client"),
        (["grant_type": nil], "400 invalid_request"),
        (["grant_type": "password"], "400 unsupported_grant_type"),
    ]

    @Test(arguments: refusedExchanges)
    func exchangeIsRefused(changes: [String: String?], error: String) throws {
        var fixture = OAuthFixture()
        #expect(try fixture.exchange(fixture.code(), changes).refusal == error)
    }

    @Test func codeDiesAfterAMinute() throws {
        var fixture = OAuthFixture()
        let code = try fixture.code()
        fixture.now = fixture.now + .seconds(60)
        #expect(fixture.exchange(code).refusal == "400 invalid_grant")
    }

    @Test func usedCodeTakesItsTokensWithIt() throws {
        var fixture = OAuthFixture()
        let code = try fixture.code()
        let answer = try fixture.exchange(code).get()
        #expect(fixture.exchange(code).refusal == "400 invalid_grant")
        #expect(!fixture.isLive(answer.accessToken))
        #expect(fixture.refresh(answer.refreshToken).refusal == "400 invalid_request")
        #expect(fixture.server.counters.codesReplayed == 1)
    }

    @Test func confidentialClientProvesItselfEitherWay() throws {
        var fixture = OAuthFixture()
        let inBody = ["client_id": "secret-app", "client_secret": "pass:word&1"] as [String: String?]
        #expect(try fixture.exchange(fixture.code(client: "secret-app"), inBody).refusal == nil)
        // secret-app:pass%3Aword%261
        let basic = "Basic c2VjcmV0LWFwcDpwYXNzJTNBd29yZCUyNjE="
        let code = try fixture.code(client: "secret-app")
        #expect(fixture.exchange(code, ["client_id": nil], authorization: basic).refusal == nil)
        let both = try fixture.exchange(fixture.code(client: "secret-app"), inBody, authorization: basic)
        #expect(both.refusal == "400 invalid_request")
        #expect(try fixture.exchange(fixture.code(), authorization: basic).refusal == "401 invalid_client")
    }
}
