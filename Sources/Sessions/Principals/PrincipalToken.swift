import Basics

/// Who gets tokens at one workspace, which is named by its place in the configuration.
public struct PrincipalID: Hashable, Sendable {
    public enum Holder: Hashable, Sendable {
        /// A service principal, by its place at the workspace.
        case service(Int)
        /// The person of a session, whose token the workspace exchanges for one of its own (RFC 8693).
        case person(SessionID)
    }

    public let workspace: Int
    public let holder: Holder

    public init(workspace: Int, index: Int) {
        self.workspace = workspace
        holder = .service(index)
    }

    public init(workspace: Int, person: SessionID) {
        self.workspace = workspace
        holder = .person(person)
    }

    /// People come and go: a token is renewed for those who use it.
    public var isPerson: Bool {
        if case .person = holder { true } else { false }
    }
}

/// What a principal acts with. Kept in memory only: there is no login to lose, and the next one is a question away.
public struct PrincipalToken: Sendable {
    public var accessToken: Secret<String>
    /// A second token, for Azure's management, and Azure's name of the workspace that it is for.
    public var azure: (token: Secret<String>, resourceID: String)?
    public var obtainedAt: Timestamp
    public var expiresAt: Timestamp
    /// Rises with each token that this process got, from 1.
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
    /// The workspace gives the person no token; the reason is safe to show.
    case notAdmitted(reason: String)
    /// There is no token of the person's login to exchange.
    case login(SessionError)
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

    /// Whether a request that acts as the principal would get a token. Asks for one at the most, as the request would, and
    /// waits for its answer as long as `patience`.
    func readiness(of id: PrincipalID, within patience: Duration) async -> PrincipalReadiness
}

/// Where there are no principals.
public struct NoPrincipals: PrincipalKeeping {
    public init() {}

    public func obtain(_ id: PrincipalID, after generation: UInt64) async throws(PrincipalFailure) -> PrincipalToken {
        throw .refused(reason: "there is no such principal")
    }

    public func readiness(of id: PrincipalID, within patience: Duration) async -> PrincipalReadiness { .refused }
}
