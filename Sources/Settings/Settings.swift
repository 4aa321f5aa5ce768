import Basics

/// The checked configuration of one Lakegate process. Every value in it is usable as it stands.
public struct Settings: Sendable, Equatable {
    public var listen: Endpoint
    public var tls: TLSSettings
    public var admin: AdminSettings
    public var store: StoreSettings
    public var sealing: SealingSettings
    public var sessions: SessionSettings
    public var workspaces: [WorkspaceSettings]
    public var accounts: [AccountSettings] = []
    /// How many event loops serve clients, 1...256; by default one per core.
    public var eventLoops: Int?
    /// Where the access log goes: standard output, a file, or nowhere.
    public var accessLog: AccessLogSettings
    public var drain: DrainSettings
    public var limits: LimitSettings

    public init(
        listen: Endpoint, tls: TLSSettings, admin: AdminSettings, store: StoreSettings, sealing: SealingSettings,
        sessions: SessionSettings, workspaces: [WorkspaceSettings], eventLoops: Int?, accessLog: AccessLogSettings,
        drain: DrainSettings = DrainSettings(), limits: LimitSettings = LimitSettings()
    ) {
        self.listen = listen
        self.tls = tls
        self.admin = admin
        self.store = store
        self.sealing = sealing
        self.sessions = sessions
        self.workspaces = workspaces
        self.eventLoops = eventLoops
        self.accessLog = accessLog
        self.drain = drain
        self.limits = limits
    }
}

/// A host (name or address, IPv6 without brackets) and a port, 0...65535.
public struct Endpoint: Sendable, Hashable {
    public var host: String
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// Paths of the PEM certificate chain and its private key; relative ones start at the configuration file's folder.
public struct TLSSettings: Sendable, Equatable {
    public var certificatePath: String
    public var privateKeyPath: String
    public var oldestVersion: TLSVersion
    /// Trust anchors (PEM) of client certificates; clients are asked for none when absent.
    public var clientAuthorityPath: String?

    public init(
        certificatePath: String, privateKeyPath: String, oldestVersion: TLSVersion = .tls12,
        clientAuthorityPath: String? = nil
    ) {
        self.clientAuthorityPath = clientAuthorityPath
        self.certificatePath = certificatePath
        self.privateKeyPath = privateKeyPath
        self.oldestVersion = oldestVersion
    }
}

/// A version of TLS that may be the oldest for clients.
public enum TLSVersion: String, Sendable {
    case tls12 = "1.2"
    case tls13 = "1.3"
}

/// Where health, metrics and the admin API listen; loopback unless told otherwise.
public struct AdminSettings: Sendable, Equatable {
    public var listen: Endpoint
    /// A file whose first line is the token that opens the API for sessions; it is closed when absent.
    public var tokenPath: String?

    public init(listen: Endpoint, tokenPath: String? = nil) {
        self.listen = listen
        self.tokenPath = tokenPath
    }
}

/// Where sessions are kept.
public enum StoreSettings: Sendable, Equatable {
    /// In this process only; a restart signs everybody out.
    case memory
    case redis(RedisSettings)
}

/// The keyring that seals what is stored. Absent only with the store in memory, where a key is made at start.
public struct SealingSettings: Sendable, Equatable {
    public var keyringPath: String?

    public init(keyringPath: String?) {
        self.keyringPath = keyringPath
    }
}

/// How long logins live.
public struct SessionSettings: Sendable, Equatable {
    /// From login to the moment a person must log in again, whatever they do; 5 min ... 400 days, default 30 days.
    public var lifetime: Duration
    /// How long a session in use goes on before it is compared with the store; 1 s ... 10 min, default 5 s.
    public var staleness: Duration
    /// How long a provider may take to renew a token; 2 s ... 10 min, default 40 s.
    public var refreshAnswerTime: Duration
    /// How long ahead answers tell the end of their session; 0 s (never) ... 30 days, default 24 h.
    public var endNotice: Duration

    public init(
        lifetime: Duration, staleness: Duration = .seconds(5), refreshAnswerTime: Duration = .seconds(40),
        endNotice: Duration = .seconds(86400)
    ) {
        self.endNotice = endNotice
        self.lifetime = lifetime
        self.staleness = staleness
        self.refreshAnswerTime = refreshAnswerTime
    }
}

/// How the process ends after SIGTERM.
public struct DrainSettings: Sendable, Equatable {
    /// How long all goes on with `/readyz` at 503, so that a load balancer looks elsewhere; 0 s ... 10 min, default 0 s.
    public var announce: Duration
    /// How long clients and running requests have from then on; 0 s ... 1 h, default 25 s.
    public var patience: Duration

    public init(announce: Duration = .zero, patience: Duration = .seconds(25)) {
        self.announce = announce
        self.patience = patience
    }
}

public enum AccessLogSettings: Sendable, Equatable {
    case standardOutput
    case file(path: String)
    case off
}

/// One Databricks workspace and the host names under which clients reach it through Lakegate.
public struct WorkspaceSettings: Sendable, Equatable {
    public var name: String
    /// Lower-case host names, without port.
    public var hosts: [String]
    /// The workspace itself; always https.
    public var upstream: Endpoint
    /// Extra trust anchors (PEM) for the workspace and its token endpoint.
    public var caPath: String?
    /// Where people log in: the account's, where there is one.
    public var oauth: OAuthSettings
    public var account: AccountSettings?
    public var foreignBearer: ForeignBearer
    /// Through which requests of clients reach the workspace; directly when absent.
    public var egressProxy: EgressProxySettings?
    public var facts = WorkspaceFacts()
    public var servicePrincipals: [ServicePrincipalSettings] = []
    public var clients: [MachineClientSettings] = []
    /// In the order in which they are looked at.
    public var identities: [IdentityRuleSettings] = []
    /// Client IDs of programs on people's own machines that may log in through Lakegate, with redirects to loopback only.
    public var nativeClients: [String] = []

    public init(
        name: String, hosts: [String], upstream: Endpoint, caPath: String?, oauth: OAuthSettings,
        foreignBearer: ForeignBearer, egressProxy: EgressProxySettings? = nil
    ) {
        self.name = name
        self.hosts = hosts
        self.upstream = upstream
        self.caPath = caPath
        self.oauth = oauth
        self.foreignBearer = foreignBearer
        self.egressProxy = egressProxy
    }
}

/// An HTTP proxy that opens tunnels (`http://host:port`).
public struct EgressProxySettings: Sendable, Equatable {
    public var endpoint: Endpoint
    /// A file whose first line is `user:password`, to be read before connecting.
    public var loginPath: String?
    /// `user:password`, once it was read.
    public var login: Secret<String>?

    public init(endpoint: Endpoint, loginPath: String? = nil, login: Secret<String>? = nil) {
        self.endpoint = endpoint
        self.loginPath = loginPath
        self.login = login
    }
}

/// What happens to a bearer token that Lakegate did not issue.
public enum ForeignBearer: String, Sendable, Equatable {
    case pass, refuse
}
