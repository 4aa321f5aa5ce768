import Foundation
import Testing

@testable import Simulator

@Suite struct WorkspaceTests {
    @Test func everyDoorNeedsALiveBearer() async throws {
        try await RunningSimulator.use { running in
            let me = "/api/2.0/preview/scim/v2/Me"
            let none = try await running.curl(me)
            #expect(none.status == 401)
            #expect(none.body.contains(#""error_code":401"#))
            #expect(none.field("www-authenticate") != nil)
            #expect(none.field("x-databricks-org-id") == nil)
            let forged = try await running.curl(me, token: "a.b.c")
            #expect(forged.status == 403)
            #expect(forged.body.contains(#"{"error_code":403,"message":"Invalid access token. [ReqId:"#))
            #expect(forged.field("x-databricks-reason-phrase") == "Invalid access token.")
            let tokens = try await running.login(as: "grace@example.com")
            let good = try await running.curl(me, token: tokens.accessToken)
            #expect(good.status == 200)
            #expect(good.body.contains(#""userName":"grace@example.com""#))
            #expect(good.field("x-simulator-user") == "grace@example.com")
            #expect(good.field("x-databricks-org-id") == DemoObjects.organization)
            #expect(good.field("x-request-id")?.count == 32)
            running.simulator.expireAccessTokens()
            #expect(try await running.curl(me, token: tokens.accessToken).status == 403)
            let fresh = try await running.refresh(tokens.refreshToken ?? "")
            #expect(try await running.curl(me, token: fresh.accessToken).status == 200)
            #expect(running.events.all.last == .call(method: "GET", path: me, user: "grace@example.com", status: 200))
        }
    }

    @Test func replayOverTheWireKillsTheFamily() async throws {
        try await RunningSimulator.use { running in
            let first = try await running.login()
            let second = try await running.refresh(first.refreshToken ?? "")
            let replay = try await running.refresh(first.refreshToken ?? "")
            #expect(replay.status == 400)
            #expect(replay.error == "invalid_request")
            #expect(replay.errorDescription == "Refresh token is invalid")
            #expect(try await running.refresh(second.refreshToken ?? "").status == 400)
            #expect(try await running.curl("/api/2.1/clusters/list", token: second.accessToken).status == 403)
            #expect(running.simulator.counters.spentTwice == 1)
            #expect(running.events.all.contains(.refreshReplayed))
        }
    }

    @Test func tokenEndpointFailsToOrder() async throws {
        try await RunningSimulator.use { running in
            let tokens = try await running.login()
            running.simulator.tokenFault = .status(429)
            #expect(try await running.refresh(tokens.refreshToken ?? "").status == 429)
            running.simulator.tokenFault = .garbage
            #expect(try await running.refresh(tokens.refreshToken ?? "").accessToken == nil)
            running.simulator.tokenFault = .slow(.milliseconds(300))
            let clock = ContinuousClock()
            let start = clock.now
            let late = try await running.refresh(tokens.refreshToken ?? "")
            #expect(late.accessToken != nil)
            #expect(clock.now - start >= .milliseconds(300))
            running.simulator.tokenFault = .lostAnswer
            #expect(try await running.refresh(late.refreshToken ?? "").status == 0)
            running.simulator.tokenFault = nil
            #expect(try await running.refresh(late.refreshToken ?? "").status == 400, "the lost answer spent it")
        }
    }

    @Test func discoveryNamesItself() async throws {
        try await RunningSimulator.use { running in
            let metadata = try await running.curl("/oidc/.well-known/oauth-authorization-server")
            #expect(metadata.body.contains(#""token_endpoint":"\#(running.simulator.url)/oidc/v1/token""#))
            let config = try await running.curl("/.well-known/databricks-config")
            #expect(config.body.contains(#""oidc_endpoint":"\#(running.simulator.url)/oidc""#))
        }
    }

    @Test func statementsRunAndAreFoundAgain() async throws {
        try await RunningSimulator.use { running in
            let token = try await running.login().accessToken
            let order = #"{"warehouse_id":"abcdef0123456789","statement":"SELECT current_user()","wait_timeout":"0s"}"#
            let begun = try await running.curl("/api/2.0/sql/statements", ["-d", order], token: token)
            #expect(begun.body.contains(#""state":"PENDING""#))
            let id = try #require(begun.body.split(separator: "\"").dropFirst(3).first)
            let done = try await running.curl("/api/2.0/sql/statements/\(id)", token: token)
            #expect(done.body.contains(#""data_array":[["ada@example.com"]]"#))
            let other = try await running.login(as: "grace@example.com").accessToken
            #expect(try await running.curl("/api/2.0/sql/statements/\(id)", token: other).status == 404)
            let cancel = "/api/2.0/sql/statements/\(id)/cancel"
            #expect(try await running.curl(cancel, ["-X", "POST"], token: token).status == 200)
        }
    }

    @Test func errorsHaveTheirShapes() async throws {
        try await RunningSimulator.use { running in
            let token = try await running.login().accessToken
            let denied = try await running.curl(TestRoutes.prefix + "permission-denied", token: token)
            #expect(denied.status == 403)
            #expect(denied.body.contains(#""error_code":"PERMISSION_DENIED""#))
            let unknown = try await running.curl("/api/9.9/none", token: token)
            #expect(
                unknown.body == #"{"error_code":"ENDPOINT_NOT_FOUND","message":"No API found for '/api/9.9/none'"}"#)
            let busy = try await running.curl(TestRoutes.prefix + "status/503?retry_after=7", token: token)
            #expect(busy.status == 503)
            #expect(busy.field("retry-after") == "7")
        }
    }
}
