/// A service principal of one workspace, which requests may act as where a rule says so.
public struct ServicePrincipalSettings: Sendable, Equatable {
    public var name: String
    public var clientID: String
    public var clientSecretPath: String
    public var scopes: [String]
    /// Where client credentials are exchanged (RFC 6749, section 4.4): the workspace, the account, or Entra ID.
    public var tokenURL: String
    /// Azure's name of the workspace (`/subscriptions/…`), for a principal that Azure alone knows: then a second token, for
    /// Azure's management, goes along.
    public var azureResourceID: String?

    public init(
        name: String, clientID: String, clientSecretPath: String, scopes: [String], tokenURL: String,
        azureResourceID: String? = nil
    ) {
        self.name = name
        self.clientID = clientID
        self.clientSecretPath = clientSecretPath
        self.scopes = scopes
        self.tokenURL = tokenURL
        self.azureResourceID = azureResourceID
    }
}

/// A program that may use a workspace without a person: a scheduler, a deployment, the backend of an IDE.
public struct MachineClientSettings: Sendable, Equatable {
    /// Also its client ID at the token endpoint.
    public var name: String
    /// A file whose first line is its key, which is also its client secret.
    public var keyPath: String?
    /// A DNS name, URI or e-mail address in the client certificate that it shows.
    public var certificateName: String?
    /// Whose tokens it shows.
    public var issuer: TokenIssuerSettings?
    /// Where it may have people sent back to after they have logged in; exact.
    public var redirectURIs: [String]
    /// Whether it may ask people for sessions.
    public var mayAskForSessions: Bool

    public init(
        name: String, keyPath: String? = nil, certificateName: String? = nil, issuer: TokenIssuerSettings? = nil,
        redirectURIs: [String] = [], mayAskForSessions: Bool = false
    ) {
        self.name = name
        self.keyPath = keyPath
        self.certificateName = certificateName
        self.issuer = issuer
        self.redirectURIs = redirectURIs
        self.mayAskForSessions = mayAskForSessions
    }
}

/// An issuer of signed tokens (RFC 7519) and whom its tokens must speak of.
public struct TokenIssuerSettings: Sendable, Equatable {
    /// Exactly what `iss` says.
    public var issuer: String
    public var subject: String
    public var audience: String
    /// Its public keys (RFC 7517); found by its OpenID configuration when absent.
    public var keysURL: String?

    public init(issuer: String, subject: String, audience: String, keysURL: String? = nil) {
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
        self.keysURL = keysURL
    }
}

/// Whose credential the workspace sees for the requests that match; the first rule that matches counts.
public struct IdentityRuleSettings: Sendable, Equatable {
    public enum ActAs: Sendable, Equatable {
        /// The person who asks.
        case user
        case principal(String)
        case refuse
    }

    /// What a request must be like. An empty list matches anything.
    public struct Match: Sendable, Equatable {
        /// Paths without a query; one that ends with `*` matches all that begin like it.
        public var paths: [String]
        public var methods: [String]
        public var warehouses: [String]
        public var clusters: [String]
        public var jobs: [String]
        /// Names of machine clients.
        public var clients: [String]
        /// User names of people.
        public var users: [String]
        /// Names of groups that people are in.
        public var groups: [String]

        public init(
            paths: [String] = [], methods: [String] = [], warehouses: [String] = [], clusters: [String] = [],
            jobs: [String] = [], clients: [String] = [], users: [String] = [], groups: [String] = []
        ) {
            self.paths = paths
            self.methods = methods
            self.warehouses = warehouses
            self.clusters = clusters
            self.jobs = jobs
            self.clients = clients
            self.users = users
            self.groups = groups
        }
    }

    public var match: Match
    public var actAs: ActAs

    public init(match: Match, actAs: ActAs) {
        self.match = match
        self.actAs = actAs
    }
}

/// What a workspace is called at Databricks, for clients that ask.
public struct WorkspaceFacts: Sendable, Equatable {
    public enum Cloud: String, Sendable, Equatable {
        case aws = "AWS"
        case azure = "Azure"
        case gcp = "GCP"
    }

    /// The number that stands behind `?o=` in its URLs.
    public var workspaceID: String?
    public var accountID: String?
    public var cloud: Cloud

    public init(workspaceID: String? = nil, accountID: String? = nil, cloud: Cloud = .aws) {
        self.workspaceID = workspaceID
        self.accountID = accountID
        self.cloud = cloud
    }
}

extension WorkspaceSettings {
    /// Principals that programs may act as: what scheduled work runs with.
    public var principalsForAutomation: [String] {
        let named = identities.compactMap { rule -> String? in
            let isForPeople = !rule.match.users.isEmpty || !rule.match.groups.isEmpty
            guard case .principal(let name) = rule.actAs, !clients.isEmpty, !isForPeople else { return nil }
            return name
        }
        return servicePrincipals.map(\.name).filter { named.contains($0) }
    }
}
