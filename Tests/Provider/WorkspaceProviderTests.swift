import Basics
import Foundation
import Provider
import Sessions
import Settings
import Testing

@Suite struct WorkspaceProviderTests {
    private let server: LocalProvider
    private let clock = WallClock { Timestamp(milliseconds: 1_000_000) }

    init() throws {
        server = try LocalProvider.shared.get()
    }

    private func provider(secretPath: String? = nil, tokenPath: String = "/oidc/v1/token") -> WorkspaceProvider {
        let oauth = OAuthSettings(
            clientID: "app", clientSecretPath: secretPath, scopes: ["all-apis"], issuer: server.url + "/oidc",
            authorizeURL: server.url + "/oidc/v1/authorize", tokenURL: server.url + tokenPath)
        let settings = WorkspaceSettings(
            name: "prod", hosts: ["p"], upstream: Endpoint(host: "localhost", port: server.port), caPath: server.caPath,
            oauth: oauth, foreignBearer: .refuse)
        return WorkspaceProvider(
            settings, client: ProviderClient(extraTrust: server.caPath, threads: 1), clock: clock)
    }

    private func exchange(_ code: String, with provider: WorkspaceProvider) async throws(LoginFailure) -> TokenGrant {
        try await provider.exchange(code: Secret(code), redirectURI: "https://p/cb", verifier: Secret("v"))
    }

    @Test func aCodeBecomesAGrantAndAPerson() async throws {
        let provider = provider()
        let grant = try await exchange("good", with: provider)
        #expect(grant.accessToken.reveal() == "access-1")
        #expect(grant.refreshToken?.reveal() == "r1")
        #expect(grant.obtainedAt >= clock.now() && grant.expiresAt == grant.obtainedAt + .seconds(600))
        let person = try await provider.whoAmI(grant.accessToken)
        let groups = Membership(GroupNames(["users"]), of: "prod")
        #expect(person == Person(id: "7", userName: "ann@example.com", displayName: "Ann", groups: groups))
    }

    @Test func aTokenIsRenewedByTheClientThatItWasGrantedTo() async throws {
        var oauth = OAuthSettings(
            clientID: "now", clientSecretPath: nil, scopes: [], issuer: server.url,
            authorizeURL: server.url + "/oidc/v1/authorize", tokenURL: server.url + "/oidc/v1/token")
        oauth.formerClients = [FormerClient(clientID: "before")]
        let settings = WorkspaceSettings(
            name: "prod", hosts: ["p"], upstream: Endpoint(host: "localhost", port: server.port), caPath: server.caPath,
            oauth: oauth, foreignBearer: .refuse)
        let client = ProviderClient(extraTrust: server.caPath, threads: 1)
        let providers = Providers(["prod": WorkspaceProvider(settings, client: client, clock: clock)])
        for (granted, asked) in [("before", "before"), ("now", "now"), (nil, "now")] {
            let grant = try await providers.refresh(
                workspace: "prod", client: granted, refreshToken: Secret("who"), within: .seconds(10))
            #expect(grant.accessToken.reveal() == "access-of-\(asked)" && grant.clientID == asked)
        }
        #expect(providers.speaks(for: "before", workspace: "prod") && !providers.speaks(for: "x", workspace: "prod"))
        await #expect(throws: RefreshFailure.otherClient(reason: "client x is neither in use nor among formerClients"))
        {
            try await providers.refresh(
                workspace: "prod", client: "x", refreshToken: Secret("who"), within: .seconds(10))
        }
    }

    @Test func refreshTokensRotateAndDie() async throws {
        let providers = Providers(["prod": provider()])
        let grant = try await providers.refresh(
            workspace: "prod", client: nil, refreshToken: Secret("r1"), within: .seconds(10))
        #expect(grant.refreshToken?.reveal() == "r2")
        let failure = await #expect(throws: RefreshFailure.self) {
            try await providers.refresh(
                workspace: "prod", client: nil, refreshToken: Secret("r1"), within: .seconds(10))
        }
        #expect(failure == .grantIsDead(reason: "status 400: invalid_request: Refresh token is invalid"))
    }

    @Test func theTimeBeforeARequestIsSentIsNotTakenFromTheToken() async throws {
        // It has one thread: of two, one waits until the other is answered.
        let provider = provider()
        async let one = provider.refresh(Secret("slow"), within: .seconds(10)).obtainedAt
        async let other = provider.refresh(Secret("slow"), within: .seconds(10)).obtainedAt
        let (first, second) = (min(try await one, try await other), max(try await one, try await other))
        #expect(second.since(first) >= .milliseconds(400))
    }

    @Test func whatHasWaitedForHalfOfItsTimeIsNotSent() async throws {
        let provider = provider()
        // Whichever comes first takes the only thread for half a second.
        let failures = await withTaskGroup(of: RefreshFailure?.self, returning: [RefreshFailure].self) { group in
            for _ in 0..<2 {
                group.addTask {
                    do throws(RefreshFailure) {
                        _ = try await provider.refresh(Secret("slow"), within: .milliseconds(900))
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(into: []) { if let failure = $1 { $0.append(failure) } }
        }
        #expect(failures.contains { if case .passing = $0 { true } else { false } })
    }

    @Test func aRefreshTokenThatIsNotReplacedStays() async throws {
        let grant = try await provider().refresh(Secret("keep"), within: .seconds(10))
        #expect(grant.refreshToken?.reveal() == "keep")
    }

    @Test func passingFailuresAreNotDeath() async throws {
        await #expect(throws: RefreshFailure.passing(reason: "status 429", retryAfter: .seconds(30))) {
            try await provider().refresh(Secret("tired"), within: .seconds(10))
        }
        await #expect(throws: RefreshFailure.passing(reason: "token answer: noAccessToken", retryAfter: nil)) {
            try await provider(tokenPath: "/odd").refresh(Secret("r1"), within: .seconds(10))
        }
        await #expect(throws: RefreshFailure.passing(reason: "workspace dev is not configured", retryAfter: nil)) {
            try await Providers([:]).refresh(
                workspace: "dev", client: nil, refreshToken: Secret("r1"), within: .seconds(10))
        }
    }

    @Test func aBadCodeIsRefused() async throws {
        await #expect(throws: LoginFailure.refused(reason: "status 400: invalid_grant")) {
            try await exchange("bad", with: provider())
        }
    }

    @Test(arguments: [
        ("odd", LoginFailure.unusable(reason: "SCIM Me: no user in the answer")),
        ("gone", .refused(reason: "SCIM Me: the user is not active")),
        ("expired", .refused(reason: "SCIM Me: status 403")),
    ])
    func aTokenOfNobodyIsNoLogin(token: String, failure: LoginFailure) async {
        await #expect(throws: failure) { try await provider().whoAmI(Secret(token)) }
    }

    @Test func theClientSecretIsReadAnew() async throws {
        let name = UUID().uuidString
        let path = try server.write("s3cret\n", to: name)
        let provider = provider(secretPath: path)
        _ = try await exchange("good", with: provider)
        _ = try server.write("wrong", to: name)
        await #expect(throws: LoginFailure.refused(reason: "status 401: invalid_client")) {
            try await exchange("good", with: provider)
        }
        _ = try server.write("n3xt\r\n", to: name)
        _ = try await exchange("good", with: provider)
    }

    @Test(arguments: [
        ("", ClientSecretFault.empty), ("\n\n", .empty), (String(repeating: "x", count: 5000), .tooLong),
    ])
    func anUnusableSecretIsNamed(contents: String, fault: ClientSecretFault) async throws {
        let provider = provider(secretPath: try server.write(contents, to: UUID().uuidString))
        await #expect(throws: LoginFailure.clientSecret(fault)) { try await exchange("good", with: provider) }
        await #expect(throws: RefreshFailure.self) { try await provider.refresh(Secret("r1"), within: .seconds(10)) }
    }

    @Test func aMissingSecretFileIsNamed() async {
        await #expect(throws: LoginFailure.clientSecret(.unreadable)) {
            try await exchange("good", with: provider(secretPath: "/nonexistent/secret"))
        }
    }
}
