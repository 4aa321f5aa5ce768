import Basics
import Sessions

/// The providers of all realms, by the name of the workspace or account.
public struct Providers: TokenRefresher {
    private let byWorkspace: [String: WorkspaceProvider]

    public init(_ byWorkspace: [String: WorkspaceProvider]) {
        self.byWorkspace = byWorkspace
    }

    public subscript(workspace: String) -> WorkspaceProvider? {
        byWorkspace[workspace]
    }

    public func refresh(
        workspace: String, client: String?, refreshToken: Secret<String>, within time: Duration
    ) async throws(RefreshFailure) -> TokenGrant {
        guard let provider = byWorkspace[workspace] else {
            // Not a dead grant: the next configuration may have the workspace again.
            throw .passing(reason: "workspace \(workspace) is not configured", retryAfter: nil)
        }
        return try await provider.refresh(refreshToken, of: client, within: time)
    }

    public func speaks(for client: String?, workspace: String) -> Bool {
        byWorkspace[workspace]?.speaks(for: client) ?? true
    }
}
