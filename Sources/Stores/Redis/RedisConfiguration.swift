import TLS

/// Sentinels, which know where the master is.
public struct RedisSentinels: Sendable {
    public var servers: [RedisServerAddress]
    /// What they call it.
    public var master: String
    /// For the Sentinels themselves.
    public var login: RedisLogin

    public init(servers: [RedisServerAddress], master: String, login: RedisLogin = RedisLogin()) {
        self.servers = servers
        self.master = master
        self.login = login
    }
}

/// How many replicas must have what was written of a session, and how long they are waited for.
public struct RedisAcknowledgement: Sendable {
    public var replicas: Int
    public var patience: Duration

    public init(replicas: Int, patience: Duration) {
        self.replicas = replicas
        self.patience = patience
    }
}

/// How to reach Redis: one server, the master that Sentinels know, or a cluster.
public struct RedisConfiguration: Sendable {
    public var host: String
    public var port: Int
    public var login: RedisLogin
    public var database: Int
    /// Asked for the server at each connection, in place of `host` and `port`.
    public var sentinels: RedisSentinels?
    /// Servers of a Redis Cluster that are asked for the others, in place of `host` and `port`; empty where there is no cluster.
    public var cluster: [RedisServerAddress] = []
    /// For TLS to the server and to the Sentinels.
    public var tls: ClientIdentity?
    /// `nil`: nobody waits for replicas.
    public var acknowledgement: RedisAcknowledgement?
    /// From handing a command over to its answer, waiting for a connection included.
    public var commandTimeout: Duration = .seconds(1)
    public var connectTimeout: Duration = .seconds(2)
    /// Commands that may wait at the same time; more are refused at once.
    public var queueLimit = 4096
    /// Pause after a failed attempt to connect: doubles from the first to the longest, half of it by chance.
    public var firstPause: Duration = .milliseconds(50)
    public var longestPause: Duration = .seconds(2)

    public init(host: String, port: Int, login: RedisLogin = RedisLogin(), database: Int = 0) {
        self.host = host
        self.port = port
        self.login = login
        self.database = database
    }

    /// How long a command may take whose connection waits for replicas.
    var longestAnswer: Duration { commandTimeout + (acknowledgement?.patience ?? .zero) * 2 }

    func pause(failures: Int, jitter: Double) -> Duration {
        min(firstPause * Double(1 << min(max(failures - 1, 0), 12)), longestPause) * (0.5 + 0.5 * jitter)
    }
}
