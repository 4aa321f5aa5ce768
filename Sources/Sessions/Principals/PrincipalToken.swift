import Basics

/// A service principal: place of its workspace in the configuration, and its place there.
public struct PrincipalID: Hashable, Sendable {
    public let workspace: Int
    public let index: Int

    public init(workspace: Int, index: Int) {
        self.workspace = workspace
        self.index = index
    }
}

/// What a principal acts with. Kept in memory only: there is no login to lose, and the next one is a question away.
public struct PrincipalToken: Sendable {
    public var accessToken: Secret<String>
    /// A second token, for Azure's management, and Azure's name of the workspace that it is for.
    public var azure: (token: Secret<String>, resourceID: String)?
    public var obtainedAt: Timestamp
    public var expiresAt: Timestamp
    /// Rises with each token that this process got for the principal, from 1.
    public var generation: UInt64 = 0

    public init(
        accessToken: Secret<String>, azure: (token: Secret<String>, resourceID: String)? = nil,
        obtainedAt: Timestamp, expiresAt: Timestamp
    ) {
        self.accessToken = accessToken
        self.azure = azure
        self.obtainedAt = obtainedAt
        self.expiresAt = expiresAt
    }
}

/// Why a principal got no token. The reason is safe to log.
public enum PrincipalFailure: Error, Sendable, Equatable {
    /// The provider does not take its id or secret.
    case refused(reason: String)
    case passing(reason: String, retryAfter: Duration?)
}

/// Gets tokens for principals from their providers.
public protocol PrincipalGranting: Sendable {
    func token(for id: PrincipalID) async throws(PrincipalFailure) -> PrincipalToken
}

/// Tokens of principals for those who forward requests.
public protocol PrincipalKeeping: Sendable {
    /// A good token newer than `generation`: the one that is there, or a new one, got by one flight for all who ask.
    func obtain(_ id: PrincipalID, after generation: UInt64) async throws(PrincipalFailure) -> PrincipalToken
}

/// Where there are no principals.
public struct NoPrincipals: PrincipalKeeping {
    public init() {}

    public func obtain(_ id: PrincipalID, after generation: UInt64) async throws(PrincipalFailure) -> PrincipalToken {
        throw .refused(reason: "there is no such principal")
    }
}
