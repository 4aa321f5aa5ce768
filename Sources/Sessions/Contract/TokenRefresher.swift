import Basics

/// Why a refresh brought no tokens.
public enum RefreshFailure: Error, Sendable, Equatable {
    /// The provider will never accept this refresh token again. The reason is safe to show.
    case grantIsDead(reason: String)
    /// Not sent, or answered with something that leaves the token as it was: safe to try again, after the given time
    /// if one was given.
    case passing(reason: String, retryAfter: Duration?)
    /// Sent, and no answer: the provider may have spent the token.
    case answerLost(reason: String)
}

/// Spends a refresh token at the provider of a workspace.
public protocol TokenRefresher: Sendable {
    /// - Parameter time: After that much time the token must not leave any more, and no answer is waited for.
    func refresh(
        workspace: String, refreshToken: Secret<String>, within time: Duration
    ) async throws(RefreshFailure) -> TokenGrant
}

/// Hears of every change of a session, in the order in which they were stored. Called from any thread; must not block.
public protocol SessionObserver: Sendable {
    func sessionChanged(_ session: Session)
    func sessionEnded(_ id: SessionID)
}
