import Foundation
import Testing

@testable import Authority

/// What clients read before they log in.
@Suite struct DocumentTests {
    private let site = Site()

    private func read(_ path: String, _ workspace: String = "prod") async throws -> [String: Any] {
        let answer = await Browser(site, workspace: workspace).send("GET", path, [], body: "")
        #expect(answer.status == 200 && answer.one("Content-Type") == "application/json")
        return try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
    }

    @Test(arguments: ["prod", "dev"]) func aHostSaysWhoItIs(workspace: String) async throws {
        let facts = try await read("/.well-known/databricks-config", workspace)
        #expect(facts["oidc_endpoint"] as? String == "https://\(workspace).gate.example/oidc")
        #expect(facts["workspace_id"] as? String == "1234" && facts["account_id"] as? String == "acc-1")
        #expect(facts["cloud"] as? String == "Azure" && facts["host_type"] as? String == "workspace")
    }

    @Test(arguments: [
        "/oidc/.well-known/oauth-authorization-server", "/oidc/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/oidc",
    ]) func theServerSaysWhereItIs(path: String) async throws {
        let facts = try await read(path)
        let issuer = "https://prod.gate.example/oidc"
        #expect(facts["issuer"] as? String == issuer)
        #expect(facts["authorization_endpoint"] as? String == "\(issuer)/v1/authorize")
        #expect(facts["token_endpoint"] as? String == "\(issuer)/v1/token")
        #expect(facts["jwks_uri"] as? String == "\(issuer)/jwks.json")
        #expect(facts["code_challenge_methods_supported"] as? [String] == ["S256"])
        #expect(facts["response_types_supported"] as? [String] == ["code"])
        // The workspace's own name must not be among them: clients would send it their secrets.
        #expect(await !Browser(site).send("GET", path, [], body: "").text.contains("db.example"))
    }

    @Test func theKeysArePublic() async throws {
        let keys = try #require(try await read("/oidc/jwks.json")["keys"] as? [[String: String]])
        #expect(keys.count == 1 && keys[0]["kty"] == "EC" && keys[0]["d"] == nil)
    }

    @Test(arguments: [
        "/oidc", "/oidc/", "/oidc/v1/", "/oidc/v1/token/", "/oidc/V1/token", "/oidc/v1/revoke",
        "/oidc/accounts/1/v1/token",
        "/.well-known/databricks-config/", "/oidc/v1/userinfo",
    ]) func otherPathsAreNotFound(path: String) async {
        let answer = await Browser(site).send("GET", path, [], body: "")
        #expect(answer.status == 404 && answer.one("Content-Type") == "application/json")
    }
}
