import Basics
import Foundation
import Provider
import Sessions
import Settings
import Testing

@Suite("Revoking at the provider", .serialized)
struct RevocationTests {
    private let server: LocalProvider

    init() throws {
        server = try LocalProvider.shared.get()
    }

    private func workspace(_ name: String, secretPath: String? = nil, path: String? = "/revoke") -> WorkspaceSettings {
        let oauth = OAuthSettings(
            clientID: "app", clientSecretPath: secretPath, scopes: ["all-apis"], issuer: "i", authorizeURL: "a",
            tokenURL: "t", revocationEndpoint: path.map { server.url + $0 })
        return WorkspaceSettings(
            name: name, hosts: [name], upstream: Endpoint(host: "localhost", port: server.port),
            caPath: server.caPath, oauth: oauth, foreignBearer: .refuse)
    }

    /// Form and beginning of the Authorization field of the last token that was revoked.
    private func last() async throws -> (form: [String: String], scheme: String) {
        let client = ProviderClient(extraTrust: server.caPath, threads: 1)
        let answer = try await client.send(ProviderRequest(.get, url: server.url + "/revoked", authorization: nil))
        let all = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [[Any]]
        let last = try #require(all?.last)
        return (try #require(last[0] as? [String: String]), try #require(last[1] as? String))
    }

    @Test("a public client names itself in the form")
    func publicClient() async throws {
        let endpoints = try #require(RevocationEndpoints([workspace("prod")]))
        try await endpoints.revoke(workspace: "prod", client: nil, refreshToken: Secret("r&1"))
        let (form, scheme) = try await last()
        #expect(form == ["token": "r&1", "token_type_hint": "refresh_token", "client_id": "app"] && scheme.isEmpty)
    }

    @Test("a confidential client shows its secret in the header, as it is in its file that moment")
    func confidentialClient() async throws {
        let name = UUID().uuidString
        let path = try server.write("wrong\n", to: name)
        let endpoints = try #require(RevocationEndpoints([workspace("prod", secretPath: path)]))
        await #expect(throws: RevocationFailure(reason: "status 401: invalid_client")) {
            try await endpoints.revoke(workspace: "prod", client: nil, refreshToken: Secret("r2"))
        }
        _ = try server.write("s3cret\n", to: name)
        try await endpoints.revoke(workspace: "prod", client: nil, refreshToken: Secret("r2"))
        let (form, scheme) = try await last()
        #expect(form == ["token": "r2", "token_type_hint": "refresh_token"] && scheme == "Basic ")
    }

    @Test(
        "what goes wrong is told in words, without the token",
        arguments: [
            ("/revoke", "tired", "status 503"), ("/revoke", "odd", "status 400: unsupported_token_type"),
            ("/nothing", "r3", "status 404"),
        ])
    func failures(_ path: String, _ token: String, _ reason: String) async throws {
        let endpoints = try #require(RevocationEndpoints([workspace("prod", path: path)]))
        await #expect(throws: RevocationFailure(reason: reason)) {
            try await endpoints.revoke(workspace: "prod", client: nil, refreshToken: Secret(token))
        }
    }

    @Test("only a workspace with an endpoint is asked")
    func whoIsAsked() throws {
        let endpoints = try #require(RevocationEndpoints([workspace("prod"), workspace("dev", path: nil)]))
        #expect(endpoints.revokes(at: "prod") && !endpoints.revokes(at: "dev") && !endpoints.revokes(at: "other"))
        #expect(RevocationEndpoints([workspace("dev", path: nil)]) == nil)
    }
}
