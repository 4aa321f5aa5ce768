import Basics
import Provider
import Sessions
import Settings
import Testing

@Suite struct TokenExchangeTests {
    private let server: LocalProvider
    private let clock = WallClock { Timestamp(milliseconds: 1_000_000) }
    private let person = SessionID(high: 1, low: 2)

    init() throws {
        server = try LocalProvider.shared.get()
    }

    private func workspaces() -> [WorkspaceSettings] {
        let oauth = OAuthSettings(
            clientID: "app", clientSecretPath: nil, scopes: ["openid"], issuer: "https://login.example",
            authorizeURL: "https://login.example/authorize", tokenURL: server.url + "/nowhere")
        return ["plain", "exchanging"].map { name in
            var workspace = WorkspaceSettings(
                name: name, hosts: [name], upstream: Endpoint(host: "localhost", port: server.port),
                caPath: server.caPath, oauth: oauth, foreignBearer: .refuse)
            workspace.account = AccountSettings(name: "acme", oauth: oauth)
            workspace.account?.exchangesTokens = name == "exchanging"
            return workspace
        }
    }

    private func endpoints(_ token: String, until end: Timestamp? = nil) -> PrincipalEndpoints {
        let keeper = OneSession(token, until: end ?? clock.now() + .seconds(60))
        return PrincipalEndpoints(workspaces(), keeper: keeper, clock: clock)
    }

    @Test func theLoginsTokenIsExchangedAtTheWorkspaceWithoutAClient() async throws {
        let token = try await endpoints("login-1").token(for: PrincipalID(workspace: 1, person: person))
        #expect(token.accessToken.reveal() == "exchanged-login-1")
        #expect(token.expiresAt == token.obtainedAt + .seconds(600))
    }

    @Test func oneThatIsAboutToEndIsRenewedBefore() async throws {
        let token = try await endpoints("login-1", until: clock.now() + .seconds(4)).token(
            for: PrincipalID(workspace: 1, person: person))
        #expect(token.accessToken.reveal() == "exchanged-login-1-renewed")
    }

    @Test func whoeverIsNoMemberGetsNone() async throws {
        await #expect(throws: PrincipalFailure.notAdmitted(reason: "status 400: invalid_request: no such member")) {
            try await endpoints("stranger").token(for: PrincipalID(workspace: 1, person: person))
        }
    }

    @Test func noTokenIsTakenToAWorkspaceThatExchangesNone() async throws {
        await #expect(throws: PrincipalFailure.refused(reason: "the workspace exchanges no tokens")) {
            try await endpoints("login-1").token(for: PrincipalID(workspace: 0, person: person))
        }
    }

    @Test func aSessionThatIsOverHasNone() async throws {
        let stranger = PrincipalID(workspace: 1, person: SessionID(high: 9, low: 9))
        await #expect(throws: PrincipalFailure.login(.unknownSession)) {
            try await endpoints("login-1").token(for: stranger)
        }
    }

    @Test func whoSomebodyIsIsAskedWithTheWorkspacesToken() async throws {
        let provider = WorkspaceProvider(
            workspaces()[1], client: ProviderClient(extraTrust: server.caPath, threads: 1), clock: clock)
        await #expect(throws: LoginFailure.refused(reason: "status 400: invalid_request: no such member")) {
            try await provider.whoAmI(Secret("stranger"))
        }
    }
}

/// A keeper of one session, which is 1.2.
struct OneSession: SessionKeeping {
    private let session: Session

    init(_ token: String, until end: Timestamp) {
        let grant = TokenGrant(
            accessToken: Secret(token), obtainedAt: end - .seconds(600), expiresAt: end, refreshToken: nil)
        session = Session(
            id: SessionID(high: 1, low: 2), workspace: "acme",
            person: Person(id: "7", userName: "ann", displayName: "Ann"),
            createdAt: grant.obtainedAt, endsAt: end + .seconds(600), generation: 1, grant: grant, keys: [],
            standing: .active)
    }

    func load(_ id: SessionID) async throws(SessionError) -> Session? { id == session.id ? session : nil }

    func renew(_ id: SessionID, after generation: UInt64) async throws(SessionError) -> Session {
        var renewed = session
        renewed.grant.accessToken = Secret(session.grant.accessToken.reveal() + "-renewed")
        return renewed
    }

    func begin(
        workspace: String, person: Person, grant: TokenGrant, lifetime: Duration
    ) async throws(SessionError) -> IssuedKey { throw .contended }
    func addKey(
        to id: SessionID, kind: KeyKind, label: String, lifetime: Duration
    ) async throws(SessionError) -> IssuedKey { throw .contended }
    func removeKey(_ digest: KeyDigest, from id: SessionID) async throws(SessionError) { throw .contended }
    func end(_ id: SessionID) async throws(SessionError) -> Bool { throw .contended }
    func end(all selection: SessionSelection) async -> EndReport { EndReport() }
    func list(_ selection: SessionSelection, limit: Int) async throws(SessionError) -> SessionListing {
        throw .contended
    }
    func observe(_ observer: any SessionObserver) {}
}
