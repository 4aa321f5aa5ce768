import Basics
import OAuth
import Sessions
import Settings

/// Why a login brought no session. Every text in it is safe to log and to show.
public enum LoginFailure: Error, Sendable, Equatable {
    case unreachable(ProviderError)
    /// The provider, or the workspace, says no.
    case refused(reason: String)
    /// It answered, but not with what was asked for.
    case unusable(reason: String)
    case clientSecret(ClientSecretFault)
}

/// The provider of one workspace: gives tokens for codes and refresh tokens, and says whose they are.
public struct WorkspaceProvider: Sendable {
    private let settings: WorkspaceSettings
    private let client: ProviderClient
    private let tokens: TokenEndpoint
    private let exchange: TokenExchange?
    /// The same for each client that logins were, or are, made with.
    private let tokensByClient: [String: TokenEndpoint]

    /// `client` asks the workspace; `login`, where people log in, which several workspaces may share.
    public init(_ settings: WorkspaceSettings, client: ProviderClient, login: ProviderClient? = nil, clock: WallClock) {
        self.settings = settings
        self.client = client
        exchange = TokenExchange(settings, client: client, clock: clock)
        let places = settings.oauth.ofEveryClient.map {
            ($0.clientID, TokenEndpoint(settings: $0, client: login ?? client, clock: clock))
        }
        tokens = TokenEndpoint(settings: settings.oauth, client: login ?? client, clock: clock)
        tokensByClient = Dictionary(places, uniquingKeysWith: { first, _ in first })
    }

    /// RFC 6749, section 4.1.3.
    public func exchange(
        code: Secret<String>, redirectURI: String, verifier: Secret<String>
    ) async throws(LoginFailure) -> TokenGrant {
        do {
            return try await tokens.grant(for: .code(code, redirectURI: redirectURI, verifier: verifier))
        } catch {
            throw error.ofLogin
        }
    }

    /// RFC 6749, section 6. A provider that sends no new refresh token means the old one to go on.
    public func refresh(
        _ token: Secret<String>, of client: String? = nil, within time: Duration
    ) async throws(RefreshFailure) -> TokenGrant {
        guard let tokens = endpoint(of: client) else {
            throw .otherClient(reason: "client \(client ?? "") is neither in use nor among formerClients")
        }
        do {
            var grant = try await tokens.grant(for: .refreshToken(token), within: time)
            grant.refreshToken = grant.refreshToken ?? token
            return grant
        } catch {
            throw error.ofRefresh
        }
    }

    func speaks(for client: String?) -> Bool {
        endpoint(of: client) != nil
    }

    private func endpoint(of client: String?) -> TokenEndpoint? {
        client.map { tokensByClient[$0] } ?? tokens
    }

    /// Asks the workspace itself, so that a token it would not take never becomes a session.
    public func whoAmI(_ accessToken: Secret<String>) async throws(LoginFailure) -> Person {
        let endpoints = DatabricksEndpoints(host: settings.upstream.host, port: settings.upstream.port)
        let token = try await exchanged(accessToken)
        let response = try await ask(
            ProviderRequest(.get, url: endpoints.me, authorization: Secret("Bearer \(token.reveal())")))
        guard response.status == 200 else { throw .refused(reason: "SCIM Me: status \(response.status)") }
        guard let me = ScimMe.parse(response.body) else { throw .unusable(reason: "SCIM Me: no user in the answer") }
        guard me.isActive else { throw .refused(reason: "SCIM Me: the user is not active") }
        return Person(
            id: me.id, userName: me.userName, displayName: me.displayName,
            groups: Membership(me.groups, of: settings.name))
    }

    private func exchanged(_ token: Secret<String>) async throws(LoginFailure) -> Secret<String> {
        guard let exchange else { return token }
        do throws(TokenFailure) {
            return try await exchange.token(for: token).accessToken
        } catch {
            throw error.ofLogin
        }
    }

    private func ask(_ request: ProviderRequest) async throws(LoginFailure) -> ProviderResponse {
        do { return try await client.send(request) } catch { throw .unreachable(error) }
    }
}
