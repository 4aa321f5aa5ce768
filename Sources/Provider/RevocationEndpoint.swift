import Basics
import OAuth
import Sessions
import Settings

/// The revocation endpoint of one provider. It has threads of its own: many sessions that end delay no renewal.
public struct RevocationEndpoint: Sendable {
    private let url: String
    private let settings: OAuthSettings
    private let client: ProviderClient

    /// `nil` where the settings name none.
    public init?(_ workspace: WorkspaceSettings) {
        guard let url = workspace.oauth.revocationEndpoint else { return nil }
        self.url = url
        settings = workspace.oauth
        client = ProviderClient(extraTrust: workspace.loginCAPath, threads: 2)
    }

    func revoke(_ refreshToken: Secret<String>, of client: String?) async throws(RevocationFailure) {
        let settings = self.settings.ofEveryClient.first { $0.clientID == client } ?? self.settings
        do throws(TokenFailure) {
            let request = RevocationRequest(refreshToken, by: try settings.identity())
            let response = try await post(request)
            if let fault = RevocationRequest.fault(status: response.status, body: response.body) {
                throw .answer(.passing(reason: fault, retryAfter: nil))
            }
        } catch {
            throw RevocationFailure(reason: error.text)
        }
    }

    private func post(_ request: RevocationRequest) async throws(TokenFailure) -> ProviderResponse {
        do {
            return try await client.send(
                ProviderRequest(
                    .post(request.body), url: url, authorization: request.authorization, within: .seconds(10)))
        } catch { throw .transport(error) }
    }
}

/// The revocation endpoints of all realms that have one, by the realm's name.
public struct RevocationEndpoints: TokenRevoker {
    private let byWorkspace: [String: RevocationEndpoint]

    /// One workspace of each realm; `nil` where none has one.
    public init?(_ realms: [WorkspaceSettings]) {
        byWorkspace = Dictionary(
            realms.compactMap { workspace in RevocationEndpoint(workspace).map { (workspace.realm, $0) } },
            uniquingKeysWith: { first, _ in first })
        if byWorkspace.isEmpty { return nil }
    }

    public func revokes(at workspace: String) -> Bool {
        byWorkspace[workspace] != nil
    }

    public func revoke(workspace: String, client: String?, refreshToken: Secret<String>) async throws(RevocationFailure)
    {
        try await byWorkspace[workspace]?.revoke(refreshToken, of: client)
    }
}
