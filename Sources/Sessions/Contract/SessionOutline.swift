import Basics

/// A session as administrators see it: who, where and until when. No token, and nothing that a token could be guessed from.
public struct SessionOutline: Sendable, Equatable {
    public let id: SessionID
    public let workspace: String
    public let userName: String
    public let createdAt: Timestamp
    /// When the present access token was granted.
    public let renewedAt: Timestamp
    public let accessTokenEndsAt: Timestamp
    public let endsAt: Timestamp
    public let standing: SessionStanding
    /// Session tokens for SDKs and drivers.
    public let sessionTokens: Int

    package init(_ session: Session) {
        id = session.id
        workspace = session.workspace
        userName = session.person.userName
        createdAt = session.createdAt
        renewedAt = session.grant.obtainedAt
        accessTokenEndsAt = session.grant.expiresAt
        endsAt = session.endsAt
        standing = session.standing
        sessionTokens = session.keys.count { $0.kind == .token }
    }
}

extension SessionOutline: Encodable {
    enum CodingKeys: String, CodingKey {
        case id, workspace, user, standing, reason
        case createdAt = "created_at"
        case renewedAt = "renewed_at"
        case accessTokenEndsAt = "access_token_ends_at"
        case endsAt = "ends_at"
        case sessionTokens = "session_tokens"
    }

    /// Moments as ``Basics/Timestamp/text``; `reason` only where a login is needed.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(id.text, forKey: .id)
        try fields.encode(workspace, forKey: .workspace)
        try fields.encode(userName, forKey: .user)
        try fields.encode(createdAt.text, forKey: .createdAt)
        try fields.encode(renewedAt.text, forKey: .renewedAt)
        try fields.encode(accessTokenEndsAt.text, forKey: .accessTokenEndsAt)
        try fields.encode(endsAt.text, forKey: .endsAt)
        try fields.encode(sessionTokens, forKey: .sessionTokens)
        switch standing {
        case .active: try fields.encode("active", forKey: .standing)
        case .loginNeeded(let reason):
            try fields.encode("login_needed", forKey: .standing)
            try fields.encode(reason, forKey: .reason)
        }
    }
}
