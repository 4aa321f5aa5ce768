import Basics

/// One Redis server (`redis://[user[:password]@]host[:port][/database]`), the master that Sentinels watch
/// (`redis+sentinel://[user[:password]@]host[:port],host[:port].../master[/database]`), or a Redis Cluster
/// (`redis+cluster://[user[:password]@]host[:port],host[:port]...`).
public struct RedisSettings: Sendable, Equatable {
    /// The server, or the first that is named.
    public var endpoint: Endpoint
    /// Empty without Sentinel.
    public var sentinels: [Endpoint]
    /// What the Sentinels call the master.
    public var masterName: String?
    /// Some servers of the cluster; empty without one.
    public var cluster: [Endpoint]
    public var username: String?
    public var password: Secret<String>?
    /// A file whose first line is the password; never together with ``password``.
    public var passwordPath: String?
    /// Number of the logical database, 0...15 by Redis' default.
    public var database: Int
    /// `nil`: no TLS.
    public var tls: RedisTLSSettings?
    public var sentinelLogin: SentinelLoginSettings
    public var replicas: RedisReplicaSettings

    public init(
        endpoint: Endpoint, sentinels: [Endpoint] = [], masterName: String? = nil, cluster: [Endpoint] = [],
        username: String?, password: Secret<String>?, passwordPath: String? = nil, database: Int,
        tls: RedisTLSSettings? = nil, sentinelLogin: SentinelLoginSettings = SentinelLoginSettings(),
        replicas: RedisReplicaSettings = RedisReplicaSettings()
    ) {
        self.endpoint = endpoint
        self.sentinels = sentinels
        self.masterName = masterName
        self.cluster = cluster
        self.username = username
        self.password = password
        self.passwordPath = passwordPath
        self.database = database
        self.tls = tls
        self.sentinelLogin = sentinelLogin
        self.replicas = replicas
    }
}

/// What TLS to Redis and its Sentinels (`rediss://`, `rediss+sentinel://`, `rediss+cluster://`) goes by.
public struct RedisTLSSettings: Sendable, Equatable {
    /// Extra trust anchors.
    public var caPath: String?
    /// A certificate for Redis that asks for one, and its key: both or none.
    public var certificatePath: String?
    public var privateKeyPath: String?

    public init(caPath: String? = nil, certificatePath: String? = nil, privateKeyPath: String? = nil) {
        self.caPath = caPath
        self.certificatePath = certificatePath
        self.privateKeyPath = privateKeyPath
    }
}

/// For Sentinels that ask who is there.
public struct SentinelLoginSettings: Sendable, Equatable {
    public var username: String?
    /// A file whose first line is the password; `nil`: they ask for none.
    public var passwordPath: String?

    public init(username: String? = nil, passwordPath: String? = nil) {
        self.username = username
        self.passwordPath = passwordPath
    }
}

/// How sure it must be that a failover does not forget what was written of a session.
public struct RedisReplicaSettings: Sendable, Equatable {
    /// Replicas of Redis that must have a write before it counts; 0...5, default 0.
    public var acknowledgements: Int
    /// How long they are waited for; 10 ms ... 2 s, default 100 ms.
    public var patience: Duration

    public init(acknowledgements: Int = 0, patience: Duration = .milliseconds(100)) {
        self.acknowledgements = acknowledgements
        self.patience = patience
    }
}
