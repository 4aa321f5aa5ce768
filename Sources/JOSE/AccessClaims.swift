import Basics

/// What an access token of Lakegate says (RFC 9068). It is of no use at Databricks.
public struct AccessClaims: Codable, Sendable, Equatable {
    /// `https://HOST/oidc`, of the host that the client used.
    public var issuer: String
    /// Name of the workspace.
    public var audience: String
    /// A user name, or the name of a machine client.
    public var subject: String
    /// Seconds since 1970.
    public var issuedAt: Int64
    public var expiresAt: Int64
    public var id: String
    public var clientID: String
    /// A person's session; absent for a machine client.
    public var session: String?
    /// Names the key of the session, or of the machine client, that this token stands for. It ends with that key, and who
    /// could sign tokens could not guess it.
    public var key: String?

    public init(
        issuer: String, audience: String, subject: String, issuedAt: Int64, expiresAt: Int64, id: String,
        clientID: String, session: String? = nil, key: String? = nil
    ) {
        self.issuer = issuer
        self.audience = audience
        self.subject = subject
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.id = id
        self.clientID = clientID
        self.session = session
        self.key = key
    }

    enum CodingKeys: String, CodingKey {
        case issuer = "iss"
        case audience = "aud"
        case subject = "sub"
        case issuedAt = "iat"
        case expiresAt = "exp"
        case id = "jti"
        case clientID = "client_id"
        case session = "sid"
        case key
    }
}
