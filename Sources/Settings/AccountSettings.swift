/// A Databricks account, or an identity provider, whose logins open every workspace that names it.
public struct AccountSettings: Sendable, Equatable {
    /// Never the name of a workspace: sessions are kept under it.
    public var name: String
    /// Extra trust anchors (PEM) for its token endpoint.
    public var caPath: String?
    public var oauth: OAuthSettings
    /// Databricks' id of the account.
    public var accountID: String?
    /// Whether each workspace gives people tokens of its own for those of the account (RFC 8693).
    public var exchangesTokens = false

    public init(name: String, caPath: String? = nil, oauth: OAuthSettings, accountID: String? = nil) {
        self.name = name
        self.caPath = caPath
        self.oauth = oauth
        self.accountID = accountID
    }
}

extension WorkspaceSettings {
    /// Under whose name its logins are kept: its account's, whose logins open other workspaces as well, or its own.
    public var realm: String { account?.name ?? name }

    /// Whether it gives people tokens of its own for those of their account.
    public var exchangesTokens: Bool { account?.exchangesTokens ?? false }

    /// Extra trust anchors (PEM) for the token endpoint of its logins.
    public var loginCAPath: String? { account.map(\.caPath) ?? caPath }
}

extension Settings {
    /// Workspaces, then accounts: in logs and metrics they are told apart by name.
    public var names: [String] { workspaces.map(\.name) + accounts.map(\.name) }

    /// One workspace of each realm: all of a realm log in alike.
    public var realms: [WorkspaceSettings] {
        var seen: Set<String> = []
        return workspaces.filter { seen.insert($0.realm).inserted }
    }
}
