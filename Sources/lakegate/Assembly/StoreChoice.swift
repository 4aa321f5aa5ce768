import Basics
import Logging
import NIOPosix
import Sessions
import Settings
import Stores
import TLS

/// The store that the settings ask for, and how to let go of it.
struct StoreChoice: Sendable {
    let records: any RecordStore
    let close: @Sendable () async -> Void

    static func open(
        _ settings: StoreSettings, clock: WallClock, group: MultiThreadedEventLoopGroup, logger: Logger
    ) async throws(TLSError) -> StoreChoice {
        switch settings {
        case .memory:
            return StoreChoice(records: MemoryStore(clock: clock)) {}
        case .redis(let redis):
            let news = StoreNews(server: "\(redis.endpoint.host):\(redis.endpoint.port)", logger: logger)
            let store = await RedisStore.connect(
                try RedisConfiguration(redis), on: group, onError: { news.failed($0) }, onNews: { news.tell($0) })
            return StoreChoice(records: store) { await store.shutDown() }
        }
    }
}

extension RedisConfiguration {
    init(_ settings: RedisSettings) throws(TLSError) {
        self.init(
            host: settings.endpoint.host, port: settings.endpoint.port, username: settings.username,
            password: settings.password, database: settings.database)
        tls = try settings.tls.map { tls throws(TLSError) in try .client(tls) }
        guard let master = settings.masterName else { return }
        sentinels = RedisSentinels(
            servers: settings.sentinels.map { .init(host: $0.host, port: $0.port) }, master: master)
    }
}

extension TLSContext {
    static func client(_ settings: RedisTLSSettings) throws(TLSError) -> TLSContext {
        var certificate: CertificateFiles?
        if let chain = settings.certificatePath, let key = settings.privateKeyPath {
            certificate = CertificateFiles(chainPath: chain, privateKeyPath: key)
        }
        return try .client(caPath: settings.caPath, applicationProtocols: [], certificate: certificate)
    }
}
