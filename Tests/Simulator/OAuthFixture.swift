import Basics
import Foundation
import Testing

@testable import Simulator

/// An authorization server with one public and one confidential client, a seed for randomness and a clock in hand.
struct OAuthFixture {
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    static let callback = "https://proxy.example.com/.lakegate/callback"
    static let clients = [
        SimulatorClient(id: "public-app", redirectURIs: [callback]),
        SimulatorClient(id: "secret-app", secret: Secret("pass:word&1"), redirectURIs: [callback]),
    ]

    var server: OAuthServer
    var now = Timestamp(milliseconds: 1_000_000_000)

    init(rules: OAuthServer.Rules = OAuthServer.Rules()) {
        server = OAuthServer(
            rules: rules, clients: OAuthFixture.clients, users: [.ada, .grace], issuer: "https://ws.example.com/oidc",
            random: .system)
    }

    static let authorizeFields = [
        "response_type": "code", "client_id": "public-app", "redirect_uri": callback, "state": "st&te",
        "scope": "all-apis offline_access", "code_challenge": challenge, "code_challenge_method": "S256",
    ]

    static func fields(_ base: [String: String], _ changes: [String: String?] = [:]) -> FormFields {
        var merged = base
        for (name, value) in changes { merged[name] = value }
        return FormFields(merged.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
    }

    mutating func code(client: String = "public-app", scope: String = "all-apis offline_access") throws -> String {
        let fields = OAuthFixture.fields(OAuthFixture.authorizeFields, ["client_id": client, "scope": scope])
        let request = try AuthorizeRequest(fields, clients: server.clients)
        return server.makeCode(for: request, user: "ada@example.com", now: now)
    }

    mutating func exchange(_ code: String, _ changes: [String: String?] = [:], authorization: String? = nil)
        -> Result<TokenAnswer, TokenRefusal>
    {
        let base = [
            "grant_type": "authorization_code", "code": code, "redirect_uri": OAuthFixture.callback,
            "code_verifier": OAuthFixture.verifier, "client_id": "public-app",
        ]
        return redeem(OAuthFixture.fields(base, changes), authorization)
    }

    mutating func refresh(_ token: String?, _ changes: [String: String?] = [:]) -> Result<TokenAnswer, TokenRefusal> {
        let base = ["grant_type": "refresh_token", "client_id": "public-app"]
        let all = changes.merging(["refresh_token": token]) { first, _ in first }
        return redeem(OAuthFixture.fields(base, all), nil)
    }

    private mutating func redeem(_ fields: FormFields, _ authorization: String?) -> Result<TokenAnswer, TokenRefusal> {
        do throws(TokenRefusal) {
            return .success(try server.redeem(fields, authorization: authorization, now: now))
        } catch {
            return .failure(error)
        }
    }

    func isLive(_ token: String) -> Bool {
        (try? server.caller(authorization: "Bearer " + token, now: now)) != nil
    }
}

extension Result where Failure == TokenRefusal {
    var refusal: String? {
        if case .failure(let refusal) = self { return "\(refusal.status) \(refusal.error)" }
        return nil
    }
}
