import Basics
import OAuth
import Sessions
import Settings

/// The token endpoints of all service principals (RFC 6749, section 4.4), and of people whose tokens are exchanged.
public struct PrincipalEndpoints: PrincipalGranting {
    fileprivate struct Place: Sendable {
        let tokens: TokenEndpoint
        /// For Azure's management, with Azure's name of the workspace.
        let management: (tokens: TokenEndpoint, resourceID: String)?
    }

    private let places: [PrincipalID: Place]
    private let exchanges: TokenExchanges

    public init(_ workspaces: [WorkspaceSettings], keeper: any SessionKeeping, clock: WallClock) {
        exchanges = TokenExchanges(workspaces, keeper: keeper, clock: clock)
        var places: [PrincipalID: Place] = [:]
        for (number, workspace) in workspaces.enumerated() where !workspace.servicePrincipals.isEmpty {
            // Threads of their own: people who log in do not wait for programs.
            let client = ProviderClient(extraTrust: workspace.caPath, threads: 2)
            for (index, principal) in workspace.servicePrincipals.enumerated() {
                places[PrincipalID(workspace: number, index: index)] = Place(principal, client, clock)
            }
        }
        self.places = places
    }

    public func token(for id: PrincipalID) async throws(PrincipalFailure) -> PrincipalToken {
        if case .person(let session) = id.holder { return try await exchanges.token(of: session, at: id.workspace) }
        guard let place = places[id] else { throw .refused(reason: "there is no such principal") }
        let grant = try await place.tokens.clientCredentials()
        guard let management = place.management else {
            return PrincipalToken(
                accessToken: grant.accessToken, obtainedAt: grant.obtainedAt, expiresAt: grant.expiresAt)
        }
        let second = try await management.tokens.clientCredentials()
        return PrincipalToken(
            accessToken: grant.accessToken, azure: (second.accessToken, management.resourceID),
            obtainedAt: min(grant.obtainedAt, second.obtainedAt), expiresAt: min(grant.expiresAt, second.expiresAt))
    }
}

extension PrincipalEndpoints.Place {
    init(_ principal: ServicePrincipalSettings, _ client: ProviderClient, _ clock: WallClock) {
        let settings = OAuthSettings(
            clientID: principal.clientID, clientSecretPath: principal.clientSecretPath, scopes: principal.scopes,
            issuer: "", authorizeURL: "", tokenURL: principal.tokenURL)
        tokens = TokenEndpoint(settings: settings, client: client, clock: clock)
        management = principal.azureResourceID.map { resourceID in
            var settings = settings
            settings.scopes = [AzureManagement.scope(tokenURL: principal.tokenURL)]
            return (TokenEndpoint(settings: settings, client: client, clock: clock), resourceID)
        }
    }
}

extension TokenEndpoint {
    fileprivate func clientCredentials() async throws(PrincipalFailure) -> TokenGrant {
        do throws(TokenFailure) {
            return try await grant(for: .clientCredentials(scopes: settings.scopes))
        } catch {
            throw error.ofPrincipal
        }
    }
}

/// Azure's management, which each of its clouds has under a name of its own.
enum AzureManagement {
    static func scope(tokenURL: String) -> String {
        let host = tokenURL.dropFirst("https://".count).prefix { $0 != "/" }
        let management =
            if host.hasSuffix(".us") { "management.core.usgovcloudapi.net" } else if host.hasSuffix(".cn") {
                "management.core.chinacloudapi.cn"
            } else { "management.core.windows.net" }
        return "https://\(management)//.default"
    }
}
