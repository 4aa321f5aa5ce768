import Basics
import TLS

/// Sentinels, which know where the master is.
public struct RedisSentinels: Sendable {
    public var servers: [RedisServerAddress]
    /// What they call it.
    public var master: String

    public init(servers: [RedisServerAddress], master: String) {
        self.servers = servers
        self.master = master
    }
}

/// How to reach one Redis server.
public struct RedisConfiguration: Sendable {
    public var host: String
    public var port: Int
    public var username: String?
    public var password: Secret<String>?
    public var database: Int
    /// Asked for the server at each connection, in place of `host` and `port`.
    public var sentinels: RedisSentinels?
    /// For TLS to the server and to the Sentinels.
    public var tls: TLSContext?
    /// From handing a command over to its answer, waiting for a connection included.
    public var commandTimeout: Duration = .seconds(1)
    public var connectTimeout: Duration = .seconds(2)
    /// Commands that may wait at the same time; more are refused at once.
    public var queueLimit = 4096
    /// Pause after a failed attempt to connect: doubles from the first to the longest, half of it by chance.
    public var firstPause: Duration = .milliseconds(50)
    public var longestPause: Duration = .seconds(2)

    public init(
        host: String, port: Int, username: String? = nil, password: Secret<String>? = nil, database: Int = 0
    ) {
        self.host = host
        self.port = port
        self.username = username
        self.password = password
        self.database = database
    }

    func pause(failures: Int, jitter: Double) -> Duration {
        min(firstPause * Double(1 << min(max(failures - 1, 0), 12)), longestPause) * (0.5 + 0.5 * jitter)
    }
}
