/// The OAuth app connection that people log in through.
public struct OAuthSettings: Sendable, Equatable {
    public var clientID: String
    /// A file that holds the client secret; absent for a public client.
    public var clientSecretPath: String?
    public var scopes: [String]
    /// Expected `iss` of a callback (RFC 9207), where the provider sends one.
    public var issuer: String
    public var authorizeURL: String
    public var tokenURL: String
    /// Where refresh tokens of ended sessions are revoked (RFC 7009); nowhere when absent.
    public var revocationEndpoint: String?
    /// For how long the provider takes a spent refresh token again; zero if it does not.
    public var refreshGrace: Duration
    /// Clients that logins were made with before, whose refresh tokens are still about.
    public var formerClients: [FormerClient] = []

    public init(
        clientID: String, clientSecretPath: String?, scopes: [String], issuer: String, authorizeURL: String,
        tokenURL: String, revocationEndpoint: String? = nil, refreshGrace: Duration = .zero
    ) {
        self.revocationEndpoint = revocationEndpoint
        self.refreshGrace = refreshGrace
        self.clientID = clientID
        self.clientSecretPath = clientSecretPath
        self.scopes = scopes
        self.issuer = issuer
        self.authorizeURL = authorizeURL
        self.tokenURL = tokenURL
    }
}

/// A client of an app connection that people log in through no more.
public struct FormerClient: Sendable, Equatable {
    public var clientID: String
    public var clientSecretPath: String?

    public init(clientID: String, clientSecretPath: String? = nil) {
        self.clientID = clientID
        self.clientSecretPath = clientSecretPath
    }
}

extension OAuthSettings {
    /// The same for each client, the one in use first.
    public var ofEveryClient: [OAuthSettings] {
        [self]
            + formerClients.map { former in
                var settings = self
                (settings.clientID, settings.clientSecretPath) = (former.clientID, former.clientSecretPath)
                return settings
            }
    }
}
