import Basics
import Sessions
import Synchronization

/// A provider with rotating refresh tokens that remembers every token it has seen: a replay is a failure of the test.
final class TestProvider: TokenRefresher, TokenRevoker {
    private struct State {
        var issued = 0
        var spent: Set<String> = []
        var replays = 0
        var calls = 0
        var failure: RefreshFailure?
        var revoked: [String] = []
        var revocationFailure: RevocationFailure?
        var duringRevocation: (@Sendable () async -> Void)?
        var leavesOutRefreshToken = false
        var duringCall: (@Sendable () async -> Void)?
        /// Clients that are not configured.
        var forgotten: Set<String> = []
    }

    private let state = Mutex(State())
    private let clock: TestClock
    private let life: Duration

    init(clock: TestClock, life: Duration) {
        self.clock = clock
        self.life = life
    }

    var calls: Int { state.withLock { $0.calls } }
    var replays: Int { state.withLock { $0.replays } }

    func fail(_ failure: RefreshFailure?) { state.withLock { $0.failure = failure } }
    func leaveOutRefreshToken() { state.withLock { $0.leavesOutRefreshToken = true } }
    func duringCalls(_ body: @escaping @Sendable () async -> Void) { state.withLock { $0.duringCall = body } }

    var revoked: [String] { state.withLock { $0.revoked } }
    func failRevocations(_ failure: RevocationFailure?) { state.withLock { $0.revocationFailure = failure } }
    func duringRevocations(_ body: @escaping @Sendable () async -> Void) {
        state.withLock { $0.duringRevocation = body }
    }

    func forget(_ client: String) { state.withLock { _ = $0.forgotten.insert(client) } }
    func remember(_ client: String) { state.withLock { _ = $0.forgotten.remove(client) } }

    func speaks(for client: String?, workspace: String) -> Bool {
        state.withLock { state in client.map { !state.forgotten.contains($0) } ?? true }
    }

    func revokes(at workspace: String) -> Bool { workspace == "prod" }

    func revoke(workspace: String, client: String?, refreshToken: Secret<String>) async throws(RevocationFailure) {
        await state.withLock { $0.duringRevocation }?()
        let failure = state.withLock { state in
            state.revoked.append(refreshToken.reveal())
            return state.revocationFailure
        }
        if let failure { throw failure }
    }

    func firstGrant() -> TokenGrant {
        state.withLock { grant(&$0) }
    }

    func refresh(
        workspace: String, client: String?, refreshToken: Secret<String>, within time: Duration
    ) async throws(RefreshFailure) -> TokenGrant {
        await state.withLock { $0.duringCall }?()
        let result: Result<TokenGrant, RefreshFailure> = state.withLock { state in
            if let client, state.forgotten.contains(client) { return .failure(.otherClient(reason: "no \(client)")) }
            state.calls += 1
            if let failure = state.failure { return .failure(failure) }
            guard !state.leavesOutRefreshToken else {
                var grant = grant(&state)
                grant.refreshToken = nil
                return .success(grant)
            }
            guard state.spent.insert(refreshToken.reveal()).inserted else {
                state.replays += 1
                return .failure(.grantIsDead(reason: "the refresh token was used before"))
            }
            return .success(grant(&state))
        }
        return try result.get()
    }

    private func grant(_ state: inout State) -> TokenGrant {
        state.issued += 1
        return TokenGrant(
            accessToken: Secret("canary-access-\(state.issued)"), obtainedAt: clock.now, expiresAt: clock.now + life,
            refreshToken: Secret("canary-refresh-\(state.issued)"), clientID: "app")
    }
}
