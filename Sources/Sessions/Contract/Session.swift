import Basics

/// Names one login for as long as it lives: 128 random bits. Not a secret, and opens nothing by itself.
public struct SessionID: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// SHA-256 of the secret half of a session token: all that is kept of it.
public struct KeyDigest: Sendable {
    public let words: (UInt64, UInt64, UInt64, UInt64)

    public init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }
}

extension KeyDigest: Equatable {
    /// Compares all 32 bytes whatever they hold.
    public static func == (left: KeyDigest, right: KeyDigest) -> Bool {
        let difference =
            (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1)
            | (left.words.2 ^ right.words.2) | (left.words.3 ^ right.words.3)
        return difference == 0
    }
}

/// How a key of a session may be presented.
public enum KeyKind: String, Sendable, Codable {
    /// In the cookie `__Host-lakegate` only.
    case browser
    /// As `Authorization: Bearer` only; made on the session page for an SDK or driver.
    case token
    /// By the signed tokens that a program got for it, never itself as a bearer: its refresh token.
    case login
    /// By the handle that a machine client was given for it.
    case handle
}

/// One way into a session: a browser's cookie, or a session token for an SDK.
public struct SessionKey: Sendable {
    public var digest: KeyDigest
    public var kind: KeyKind
    /// What the person called it, at most 80 characters; empty for a browser.
    public var label: String
    public var createdAt: Timestamp
    public var endsAt: Timestamp

    public init(digest: KeyDigest, kind: KeyKind, label: String, createdAt: Timestamp, endsAt: Timestamp) {
        self.digest = digest
        self.kind = kind
        self.label = label
        self.createdAt = createdAt
        self.endsAt = endsAt
    }
}

/// Who logged in, as the workspace knows them (SCIM Me).
public struct Person: Sendable, Equatable {
    public var id: String
    public var userName: String
    public var displayName: String
    /// As they were at the login.
    public var groups: Membership

    public init(id: String, userName: String, displayName: String, groups: Membership = .unknown) {
        self.id = id
        self.userName = userName
        self.displayName = displayName
        self.groups = groups
    }
}

/// Groups of a workspace. Each has its own, so they say nothing in another one that the same login opens.
public struct Membership: Sendable, Equatable {
    public static let unknown = Membership(.unknown, of: "")

    public let workspace: String
    public let names: GroupNames

    public init(_ names: GroupNames, of workspace: String) {
        self.names = names
        self.workspace = workspace
    }

    /// As far as they are known in a workspace.
    public func names(in workspace: String) -> GroupNames {
        self.workspace == workspace ? names : .unknown
    }
}

/// What the provider granted.
public struct TokenGrant: Sendable {
    public var accessToken: Secret<String>
    public var obtainedAt: Timestamp
    public var expiresAt: Timestamp
    /// Absent when the provider gives none (no `offline_access`): then the session ends with the access token.
    public var refreshToken: Secret<String>?
    /// The client that it was granted to; not known of what older versions stored.
    public var clientID: String?

    public init(
        accessToken: Secret<String>, obtainedAt: Timestamp, expiresAt: Timestamp, refreshToken: Secret<String>?,
        clientID: String? = nil
    ) {
        self.clientID = clientID
        self.accessToken = accessToken
        self.obtainedAt = obtainedAt
        self.expiresAt = expiresAt
        self.refreshToken = refreshToken
    }
}

/// Whether a session can still get tokens.
public enum SessionStanding: Sendable, Equatable {
    case active
    /// The provider will renew no more; the reason is safe to show.
    case loginNeeded(reason: String)
}

/// One login of one person at one workspace or account, with every key that opens it. Stored as one sealed record.
public struct Session: Sendable {
    public var id: SessionID
    /// Name of the workspace in the configuration, or of the account whose workspaces it opens.
    public var workspace: String
    public var person: Person
    public var createdAt: Timestamp
    /// When the person must log in again, whatever happens.
    public var endsAt: Timestamp
    /// Rises by one with every stored change, from 1.
    public var generation: UInt64
    public var grant: TokenGrant
    public var keys: [SessionKey]
    public var standing: SessionStanding
    /// The generation that brought the present grant; other changes raise `generation` only.
    public var grantGeneration: UInt64

    public init(
        id: SessionID, workspace: String, person: Person, createdAt: Timestamp, endsAt: Timestamp,
        generation: UInt64, grant: TokenGrant, keys: [SessionKey], standing: SessionStanding,
        grantGeneration: UInt64 = 1
    ) {
        self.id = id
        self.workspace = workspace
        self.person = person
        self.createdAt = createdAt
        self.endsAt = endsAt
        self.generation = generation
        self.grant = grant
        self.keys = keys
        self.standing = standing
        self.grantGeneration = grantGeneration
    }
}
