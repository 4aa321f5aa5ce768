import Basics
import NIOCore
import Sessions

/// All that a store keeps up: the servers, and the connection that hears what is published. Lives on one event loop.
final class RedisFleet {
    let servers: any RedisServers
    let subscription: RedisSubscription
    private let onNews: (RedisNews) -> Void
    private let login: RedisLogin
    private let loop: any EventLoop
    private lazy var watch = RedisPasswordWatch(self, login: login, loop: loop, onNews: onNews)

    init(
        _ configuration: RedisConfiguration, loop: any EventLoop, random: RandomSource,
        onNews: @escaping (RedisNews) -> Void, tell: @escaping @Sendable (StoreChange) -> Void
    ) {
        let servers: any RedisServers =
            configuration.cluster.isEmpty
            ? SingleRedis(configuration, loop: loop, random: random, onNews: onNews)
            : RedisCluster(configuration, loop: loop, random: random, onNews: onNews)
        let post = RedisLocator { servers.locateListeningPost($0) }
        let ear = RedisLink(configuration, at: post, loop: loop, random: random, scripts: [], onNews: { _ in })
        self.servers = servers
        self.onNews = onNews
        self.loop = loop
        login = configuration.login
        subscription = RedisSubscription(ear, loop: loop, tell: tell)
    }

    func start() {
        servers.start()
        subscription.start()
        watch.start()
        (servers as? SingleRedis)?.onMaster = { [weak subscription] in subscription?.leave(unless: $0.server, asOf: $1)
        }
        (servers as? RedisCluster)?.onMap = { [weak subscription] in subscription?.stay(among: $0.servers) }
    }

    func shutDown() {
        watch.shutDown()
        servers.shutDown()
        subscription.shutDown()
    }
}
