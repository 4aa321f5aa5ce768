import Basics

/// An app connection: an OAuth client registered with the simulated account.
public struct SimulatorClient: Sendable {
    public var id: String
    /// `nil` for a public client.
    public var secret: Secret<String>?
    /// Compared byte for byte with what the authorize request brings.
    public var redirectURIs: Set<String>
    public var scopes: Set<String>

    public init(
        id: String, secret: Secret<String>? = nil, redirectURIs: Set<String> = [],
        scopes: Set<String> = ["all-apis", "sql", "offline_access", "openid", "profile", "email"]
    ) {
        self.id = id
        self.secret = secret
        self.redirectURIs = redirectURIs
        self.scopes = scopes
    }
}
