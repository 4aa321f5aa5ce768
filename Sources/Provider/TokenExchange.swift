import Basics
import OAuth
import Sessions
import Settings

/// What a workspace gives for the tokens of an account's logins: tokens of its own (RFC 8693; Databricks calls it federation).
struct TokenExchange: Sendable {
    private let tokens: TokenEndpoint

    /// `nil` where the account's tokens are good at the workspace as they are.
    init?(_ workspace: WorkspaceSettings, client: ProviderClient, clock: WallClock) {
        guard workspace.exchangesTokens else { return nil }
        var settings = workspace.oauth
        settings.tokenURL = DatabricksEndpoints(host: workspace.upstream.host, port: workspace.upstream.port).token
        tokens = TokenEndpoint(settings: settings, client: client, clock: clock)
    }

    func token(for other: Secret<String>) async throws(TokenFailure) -> TokenGrant {
        try await tokens.grant(for: .exchange(other, scopes: ["all-apis"]))
    }
}

/// The exchanges of all workspaces that have one, for the people whose sessions `keeper` keeps.
struct TokenExchanges: Sendable {
    /// By the workspace's place in the configuration.
    private let places: [Int: TokenExchange]
    private let keeper: any SessionKeeping
    private let clock: WallClock

    init(_ workspaces: [WorkspaceSettings], keeper: any SessionKeeping, clock: WallClock) {
        var places: [Int: TokenExchange] = [:]
        for (number, workspace) in workspaces.enumerated() where workspace.exchangesTokens {
            // Threads of its own, as service principals have.
            let client = ProviderClient(extraTrust: workspace.caPath)
            places[number] = TokenExchange(workspace, client: client, clock: clock)
        }
        self.places = places
        self.keeper = keeper
        self.clock = clock
    }

    func token(of session: SessionID, at workspace: Int) async throws(PrincipalFailure) -> PrincipalToken {
        guard let place = places[workspace] else { throw .refused(reason: "the workspace exchanges no tokens") }
        let login = try await login(session)
        do throws(TokenFailure) {
            let grant = try await place.token(for: login)
            return PrincipalToken(
                accessToken: grant.accessToken, obtainedAt: grant.obtainedAt, expiresAt: grant.expiresAt)
        } catch {
            throw error.ofPerson
        }
    }

    /// The access token of the login, with some time left.
    private func login(_ id: SessionID) async throws(PrincipalFailure) -> Secret<String> {
        do throws(SessionError) {
            guard let session = try await keeper.load(id) else { throw SessionError.unknownSession }
            guard session.grant.expiresAt <= clock.now() + .seconds(5) else { return session.grant.accessToken }
            return try await keeper.renew(id, after: session.grantGeneration).grant.accessToken
        } catch {
            throw .login(error)
        }
    }
}

extension TokenFailure {
    /// What it means for somebody whose token the workspace was to exchange.
    fileprivate var ofPerson: PrincipalFailure {
        switch self {
        case .answer(.deadGrant(let reason)), .answer(.badClient(let reason)): .notAdmitted(reason: reason)
        case .answer(.passing(let reason, let retryAfter)): .passing(reason: reason, retryAfter: retryAfter)
        case .transport, .unusable, .clientSecret: .passing(reason: text, retryAfter: nil)
        }
    }
}
