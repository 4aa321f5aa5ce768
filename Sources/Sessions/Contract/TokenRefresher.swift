import Basics

/// Why a refresh brought no tokens.
public enum RefreshFailure: Error, Sendable, Equatable {
    /// The provider will never accept this refresh token again. The reason is safe to show.
    case grantIsDead(reason: String)
    /// Anything else: network, 5xx, 429, nonsense. Safe to try again after the given time, if one was given.
    case passing(reason: String, retryAfter: Duration?)
}

/// Spends a refresh token at the provider of a workspace.
public protocol TokenRefresher: Sendable {
    func refresh(workspace: String, refreshToken: Secret<String>) async throws(RefreshFailure) -> TokenGrant
}

/// Hears of every change of a session, in the order in which they were stored. Called from any thread; must not block.
public protocol SessionObserver: Sendable {
    func sessionChanged(_ session: Session)
    func sessionEnded(_ id: SessionID)
}
