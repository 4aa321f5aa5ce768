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
    /// Not sent: it was granted to a client that is not configured.
    case otherClient(reason: String)
}

/// Spends a refresh token at the provider of a workspace.
public protocol TokenRefresher: Sendable {
    /// - Parameters:
    ///   - client: To whom the token was granted: nobody else may spend it (RFC 6749, section 6). `nil` where that is not known.
    ///   - time: After that much time the token must not leave any more, and no answer is waited for.
    func refresh(
        workspace: String, client: String?, refreshToken: Secret<String>, within time: Duration
    ) async throws(RefreshFailure) -> TokenGrant

    /// Whether tokens that were granted to this client can be spent.
    func speaks(for client: String?, workspace: String) -> Bool
}

extension TokenRefresher {
    public func speaks(for client: String?, workspace: String) -> Bool { true }
}

/// Hears of every change of a session, in the order in which they were stored. Called from any thread; must not block.
public protocol SessionObserver: Sendable {
    func sessionChanged(_ session: Session)
    func sessionEnded(_ id: SessionID)
}
