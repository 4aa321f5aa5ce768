import NIOCore
import Sessions

/// The servers behind a store: one, or a cluster. Lives on one event loop.
protocol RedisServers: AnyObject {
    func start()

    /// Gives the command to the server that keeps its key.
    func send(_ command: KeyedCommand, answer: @escaping RedisChannel.Answer)

    /// Succeeds if every key there may be has a server that answers.
    func ping(_ answer: @escaping (Result<Void, StoreError>) -> Void)

    /// Every server that keeps keys, for what concerns all keys.
    func masters() -> Result<[RedisServerAddress], StoreError>

    /// Gives a command without a key to one of ``masters()``.
    func send(_ command: RedisCommand, to server: RedisServerAddress, answer: @escaping RedisChannel.Answer)

    /// For how long the server that keeps this key has been a master; `nil` where nobody knows.
    func ageOfMaster(of key: [UInt8]) -> Duration?

    /// Where to hear what is published, asked for at each connection.
    func locateListeningPost(_ found: @escaping RedisLocator.Found)

    /// Has open connections say who they are once more.
    func authenticate(with credentials: RedisCredentials)

    /// Whether all open connections are in on these.
    func isAuthenticated(with credentials: RedisCredentials) -> Bool

    func shutDown()
}

/// Says which server to connect to, at each attempt.
struct RedisLocator {
    typealias Found = (Result<RedisServerAddress, StoreError>) -> Void

    let locate: (@escaping Found) -> Void
}
