import Basics
import Testing

@testable import Simulator

@Suite struct RefreshRuleTests {
    @Test func rotationGivesANewTokenEachTime() throws {
        var fixture = OAuthFixture()
        let first = try fixture.exchange(fixture.code()).get()
        let second = try fixture.refresh(first.refreshToken).get()
        let third = try fixture.refresh(second.refreshToken).get()
        #expect(Set([first.refreshToken, second.refreshToken, third.refreshToken]).count == 3)
        #expect(fixture.server.counters.refreshes == 2)
        #expect(fixture.isLive(first.accessToken), "a refresh does not end older access tokens")
    }

    @Test func replayKillsTheFamily() throws {
        var fixture = OAuthFixture()
        let first = try fixture.exchange(fixture.code()).get()
        let second = try fixture.refresh(first.refreshToken).get()
        let bystander = try fixture.exchange(fixture.code()).get()
        #expect(fixture.refresh(first.refreshToken).refusal == "400 invalid_request")
        #expect(fixture.refresh(second.refreshToken).refusal == "400 invalid_request")
        #expect(!fixture.isLive(second.accessToken))
        #expect(fixture.server.counters.spentTwice == 1)
        #expect(fixture.refresh(bystander.refreshToken).refusal == nil, "another login lives on")
    }

    @Test func deadTokenIsCalledWhatDatabricksCallsIt() throws {
        var fixture = OAuthFixture()
        guard case .failure(let refusal) = fixture.refresh("doau-made-up") else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.json.text == #"{"error":"invalid_request","error_description":"Refresh token is invalid"}"#)
        #expect(fixture.server.counters.spentTwice == 0)
    }

    @Test func withoutRotationTheTokenStays() throws {
        var fixture = OAuthFixture(rules: OAuthServer.Rules(rotatesRefreshTokens: false))
        let first = try fixture.exchange(fixture.code()).get()
        let second = try fixture.refresh(first.refreshToken).get()
        #expect(second.refreshToken == first.refreshToken)
        #expect(fixture.refresh(first.refreshToken).refusal == nil)
    }

    @Test func refreshTokenExpires() throws {
        var fixture = OAuthFixture(rules: OAuthServer.Rules(refreshTokenLife: .seconds(100)))
        let first = try fixture.exchange(fixture.code()).get()
        fixture.now = fixture.now + .seconds(60)
        let second = try fixture.refresh(first.refreshToken).get()
        fixture.now = fixture.now + .seconds(60)
        let third = try fixture.refresh(second.refreshToken).get()
        fixture.now = fixture.now + .seconds(100)
        #expect(fixture.refresh(third.refreshToken).refusal == "400 invalid_request")
    }

    @Test func scopeMayShrinkButNotGrow() throws {
        var fixture = OAuthFixture()
        let first = try fixture.exchange(fixture.code()).get()
        #expect(fixture.refresh(first.refreshToken, ["scope": "all-apis sql"]).refusal == "400 invalid_scope")
        #expect(try fixture.refresh(first.refreshToken, ["scope": "all-apis"]).get().scopes == ["all-apis"])
    }

    @Test func anotherClientCannotRefresh() throws {
        var fixture = OAuthFixture()
        let first = try fixture.exchange(fixture.code()).get()
        let thief = ["client_id": "secret-app", "client_secret": "pass:word&1"] as [String: String?]
        #expect(fixture.refresh(first.refreshToken, thief).refusal == "400 invalid_grant")
        #expect(fixture.refresh(first.refreshToken).refusal == nil, "and spoils nothing by trying")
    }

    @Test func revocationsReachWhatTheyName() throws {
        var fixture = OAuthFixture()
        let first = try fixture.exchange(fixture.code()).get()
        fixture.server.revokeAccessTokens(of: "grace@example.com")
        #expect(fixture.isLive(first.accessToken))
        fixture.server.expireAccessTokens(now: fixture.now)
        #expect(!fixture.isLive(first.accessToken))
        let second = try fixture.refresh(first.refreshToken).get()
        fixture.server.revokeAccessTokens()
        #expect(!fixture.isLive(second.accessToken))
        fixture.server.revokeRefreshTokens(of: "ada@example.com")
        #expect(fixture.refresh(second.refreshToken).refusal == "400 invalid_request")
    }

    @Test(arguments: [nil, "Basic YWRhOmFkYQ==", "Bearer dapi0123", "Bearer", "Bearer  a.b.c"])
    func wrongKindOfCredential(authorization: String?) {
        #expect(throws: BearerRefusal.missing) {
            try OAuthFixture().server.caller(authorization: authorization, now: Timestamp(milliseconds: 0))
        }
    }
}
