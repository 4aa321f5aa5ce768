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
    /// Of TLS to the store.
    var certificates: [CertificateWatch] = []
    let close: @Sendable () async -> Void

    /// - Parameter unacknowledged: Counts writes that a failover may forget.
    static func open(
        _ settings: StoreSettings, clock: WallClock, group: MultiThreadedEventLoopGroup, logger: Logger,
        unacknowledged: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(TLSError) -> StoreChoice {
        switch settings {
        case .memory:
            return StoreChoice(records: MemoryStore(clock: clock)) {}
        case .redis(let redis):
            let identity = try redis.tls.map { tls throws(TLSError) in try ClientIdentity(tls) }
            let news = StoreNews(server: redis.address, logger: logger)
            let store = await RedisStore.connect(
                RedisConfiguration(redis, identity), on: group, onError: { news.failed($0) },
                onNews: { event in
                    if case .unacknowledged(let writes, _) = event { unacknowledged(writes) }
                    news.tell(event)
                })
            let certificates = identity.map { identity in
                CertificateWatch(look: { identity.look() }, place: "storeTLS", logger: logger)
            }
            return StoreChoice(records: store, certificates: certificates.map { [$0] } ?? []) {
                await store.shutDown()
            }
        }
    }
}

extension RedisConfiguration {
    init(_ settings: RedisSettings, _ identity: ClientIdentity?) {
        self.init(
            host: settings.endpoint.host, port: settings.endpoint.port,
            login: RedisLogin(
                username: settings.username,
                password: settings.passwordPath.map { RedisPassword.kept(in: $0, .storePassword) }
                    ?? settings.password.map { RedisPassword.fixed($0) }),
            database: settings.database)
        tls = identity
        cluster = settings.cluster.map { RedisServerAddress($0) }
        let replicas = settings.replicas
        if replicas.acknowledgements > 0 {
            acknowledgement = .init(replicas: replicas.acknowledgements, patience: replicas.patience)
        }
        sentinels = settings.masterName.map { RedisSentinels(settings, master: $0) }
    }
}

extension RedisSentinels {
    fileprivate init(_ settings: RedisSettings, master: String) {
        let password = settings.sentinelLogin.passwordPath.map { RedisPassword.kept(in: $0, .sentinelPassword) }
        self.init(
            servers: settings.sentinels.map { RedisServerAddress($0) }, master: master,
            login: RedisLogin(username: settings.sentinelLogin.username, password: password))
    }
}

extension RedisServerAddress {
    fileprivate init(_ endpoint: Endpoint) {
        self.init(host: endpoint.host, port: endpoint.port)
    }
}

extension RedisPassword {
    fileprivate static func kept(in path: String, _ key: ConfigurationFile.PasswordKey) -> RedisPassword {
        .file(path) {
            do throws(SettingsMistakes) {
                return .success(try ConfigurationFile.password(path, key))
            } catch {
                return .failure(.refused(error.mistakes.first?.problem ?? "the password cannot be read"))
            }
        }
    }
}

extension ClientIdentity {
    convenience init(_ settings: RedisTLSSettings) throws(TLSError) {
        var certificate: CertificateFiles?
        if let chain = settings.certificatePath, let key = settings.privateKeyPath {
            certificate = CertificateFiles(chainPath: chain, privateKeyPath: key)
        }
        try self.init(caPath: settings.caPath, certificate: certificate)
    }
}
