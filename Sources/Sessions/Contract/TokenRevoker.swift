import Basics

/// Why a provider does not know yet that a token is of no more use. The reason is safe to log.
public struct RevocationFailure: Error, Sendable, Equatable {
    public let reason: String

    public init(reason: String) {
        self.reason = reason
    }
}

/// Tells the provider of a workspace that a refresh token is of no more use (RFC 7009).
public protocol TokenRevoker: Sendable {
    /// Whether that provider can be told.
    func revokes(at workspace: String) -> Bool

    /// Comes to an end by itself, within seconds. `client` is to whom the token was granted, where that is known.
    func revoke(workspace: String, client: String?, refreshToken: Secret<String>) async throws(RevocationFailure)
}
