import Basics
import Foundation
import Provider
import Sessions
import Settings
import Testing

@Suite struct PrincipalEndpointsTests {
    private let server: LocalProvider
    private let clock = WallClock { Timestamp(milliseconds: 1_000_000) }
    private let id = PrincipalID(workspace: 1, index: 0)

    init() throws {
        server = try LocalProvider.shared.get()
    }

    private func endpoints(
        secret path: String, tokenPath: String = "/oidc/v1/token", azureResourceID: String? = nil
    ) -> PrincipalEndpoints {
        let oauth = OAuthSettings(
            clientID: "app", clientSecretPath: nil, scopes: ["all-apis"], issuer: server.url + "/oidc",
            authorizeURL: server.url + "/oidc/v1/authorize", tokenURL: server.url + "/oidc/v1/token")
        var workspaces = ["other", "prod"].map {
            WorkspaceSettings(
                name: $0, hosts: [$0], upstream: Endpoint(host: "localhost", port: server.port), caPath: server.caPath,
                oauth: oauth, foreignBearer: .refuse)
        }
        workspaces[1].servicePrincipals = [
            ServicePrincipalSettings(
                name: "nightly", clientID: "app", clientSecretPath: path, scopes: ["all-apis", "sql"],
                tokenURL: server.url + tokenPath, azureResourceID: azureResourceID)
        ]
        return PrincipalEndpoints(
            workspaces, keeper: OneSession("login-1", until: clock.now() + .seconds(60)), clock: clock)
    }

    private func secret(_ text: String) throws -> String {
        try server.write(text, to: UUID().uuidString)
    }

    @Test func clientCredentialsBecomeAToken() async throws {
        let token = try await endpoints(secret: try secret("s3cret\n")).token(for: id)
        #expect(token.accessToken.reveal() == "principal.Basic.all-apis+sql" && token.azure == nil)
        #expect(token.obtainedAt >= clock.now() && token.expiresAt == token.obtainedAt + .seconds(600))
    }

    @Test func azureGetsASecondTokenForItsManagement() async throws {
        let token = try await endpoints(secret: try secret("s3cret"), azureResourceID: "/subscriptions/s")
            .token(for: id)
        #expect(token.accessToken.reveal() == "principal.Basic.all-apis+sql")
        #expect(
            token.azure?.token.reveal() == "principal.Basic.https://management.core.windows.net//.default")
        #expect(token.azure?.resourceID == "/subscriptions/s")
        #expect(token.expiresAt.since(token.obtainedAt) <= .seconds(600))
    }

    @Test func aWrongSecretIsRefusedUntilItsFileIsRight() async throws {
        let path = try secret("wrong")
        let endpoints = endpoints(secret: path)
        await #expect(throws: PrincipalFailure.refused(reason: "status 401: invalid_client")) {
            try await endpoints.token(for: id)
        }
        try Data("n3xt\n".utf8).write(to: URL(filePath: path))
        #expect(try await endpoints.token(for: id).accessToken.reveal() == "principal.Basic.all-apis+sql")
        try FileManager.default.removeItem(atPath: path)
        let failure = await #expect(throws: PrincipalFailure.self) { try await endpoints.token(for: id) }
        guard case .refused(let reason) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(reason.contains("client secret file") && !reason.contains("n3xt"))
    }

    @Test(arguments: ["/missing", "/odd"])
    func whatIsNoAnswerPasses(_ path: String) async throws {
        let endpoints = endpoints(secret: try secret("s3cret"), tokenPath: path)
        let failure = await #expect(throws: PrincipalFailure.self) { try await endpoints.token(for: id) }
        guard case .passing = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test func nobodyElseIsKnown() async throws {
        let endpoints = endpoints(secret: try secret("s3cret"))
        for stranger in [PrincipalID(workspace: 0, index: 0), PrincipalID(workspace: 1, index: 1)] {
            await #expect(throws: PrincipalFailure.refused(reason: "there is no such principal")) {
                try await endpoints.token(for: stranger)
            }
        }
    }
}
