import Admin
import Authority
import Basics
import Edge
import Gate
import Logging
import Metrics
import NIOCore
import NIOPosix
import Provider
import Sessions
import Settings
import TLS

/// Puts a whole Lakegate together from settings. Everything is made once, here, and handed down.
struct Assembly {
    let settings: Settings
    let logger: Logger
    let group: MultiThreadedEventLoopGroup
    let metrics: MetricsRegistry
    let clock = WallClock.system
    let random = RandomSource.system
    var times: EdgeTimes
    var limits: EdgeLimits
    var residentMemory: @Sendable () -> Int = { ProcessMemory.resident() }
    /// Puts something else in the place of what the data path calls upon.
    var replaceServices: @Sendable (inout EdgeServices) -> Void = { _ in }

    init(settings: Settings, logger: Logger) {
        self.settings = settings
        self.logger = logger
        times = EdgeTimes(settings.limits)
        limits = EdgeLimits(settings.limits)
        group = MultiThreadedEventLoopGroup(numberOfThreads: settings.eventLoops ?? System.coreCount)
        metrics = MetricsRegistry(
            workspaces: settings.names, version: Lakegate.version,
            startSeconds: Int(WallClock.system.now().milliseconds / 1000))
    }

    /// Opens the listeners.
    ///
    /// - Throws: ``CommandFailure`` that says what is wrong and what to do.
    func start() async throws(CommandFailure) -> RunningLakegate {
        let identity = try naming("tls") { () throws(TLSError) in try serverIdentity(settings.tls) }
        let keys = KeyringBox(try keyring())
        let store = try await openStore()
        let counted = CountedStore(store: store.records, errors: metrics.storeErrors)
        let records = SealedRecords(store: counted, keys: keys, random: random)
        let providers = makeProviders()
        let keeper = makeKeeper(records, providers)
        let accessLog = try openAccessLog()
        let outside = AuthorityOutside(
            clock: clock, random: random, sha256: { Digest.sha256($0) }, read: { PresentedKey(token: $0) })
        let handoffs = HandoffRecords(records: records)
        let facade = FacadeParts(
            settings.workspaces, keyring: keys, keeper: keeper,
            handles: HandleBearers(store: handoffs, keeper: keeper, outside: outside), clock: clock, logger: logger)
        let principals = makePrincipals(keeper)
        let probe = AutomationProbe(settings.workspaces, keeper: principals)
        let site = authority(keeper, records, providers, facade, probe, handoffs, outside)
        var services = EdgeServices(
            keeper: keeper, localSite: site, metrics: EdgeMetrics(metrics), accessLog: accessLog, clock: clock,
            random: random, logger: logger)
        services.principals = principals
        services.bearers = facade.bearers
        replaceServices(&services)
        let serving = ServingState()
        let edge = try await listen(identity, services)
        let admin = try await listenForAdmin(counted, identity, serving, keeper)
        return RunningLakegate(
            edge: edge, admin: admin, keeper: keeper, principals: principals, store: store, accessLog: accessLog,
            certificates: [CertificateWatch(look: { identity.look() }, place: "tls", logger: logger)]
                + store.certificates,
            keyring: KeyringWatch(
                path: settings.sealing.keyringPath, keys: keys, metrics: metrics, logger: logger), serving: serving,
            drain: settings.drain, group: group, logger: logger)
    }

    private var indices: [String: WorkspaceIndex] {
        Dictionary(
            settings.names.enumerated().map { ($0.element, WorkspaceIndex($0.offset)) },
            uniquingKeysWith: { first, _ in first })
    }

    private func serverIdentity(_ tls: TLSSettings) throws(TLSError) -> ServerIdentity {
        try ServerIdentity(
            certificateChainPath: tls.certificatePath, privateKeyPath: tls.privateKeyPath,
            applicationProtocols: ["h2", "http/1.1"], isTLS13Only: tls.oldestVersion == .tls13,
            clientAuthorityPath: tls.clientAuthorityPath)
    }

    private func openStore() async throws(CommandFailure) -> StoreChoice {
        do throws(TLSError) {
            return try await StoreChoice.open(settings.store, clock: clock, group: group, logger: logger) { [metrics] in
                metrics.storeUnacknowledged.add($0)
            }
        } catch {
            throw CommandFailure("storeTLS: \(error)")
        }
    }

    private func keyring() throws(CommandFailure) -> Keyring {
        guard let path = settings.sealing.keyringPath else { return .ephemeral(random: random) }
        return try naming("sealing.keyring") { () throws(KeyringError) in try Keyring.load(path: path) }
    }

    /// By workspace; those of one account share its side of a login.
    private func makeProviders() -> [String: WorkspaceProvider] {
        let accounts = settings.accounts.map { ($0.name, ProviderClient(extraTrust: $0.caPath)) }
        let logins = Dictionary(accounts, uniquingKeysWith: { first, _ in first })
        return Dictionary(
            settings.workspaces.map { workspace in
                let client = ProviderClient(extraTrust: workspace.caPath)
                let login = logins[workspace.realm]
                return (workspace.name, WorkspaceProvider(workspace, client: client, login: login, clock: clock))
            }, uniquingKeysWith: { first, _ in first })
    }

    /// By realm: which of its workspaces a token is renewed for makes no difference.
    private func refreshers(_ providers: [String: WorkspaceProvider]) -> Providers {
        Providers(
            Dictionary(
                settings.realms.compactMap { workspace in providers[workspace.name].map { (workspace.realm, $0) } },
                uniquingKeysWith: { first, _ in first }))
    }

    private func makeKeeper(_ records: SealedRecords, _ providers: [String: WorkspaceProvider]) -> SessionKeeper {
        let refresher = CountedRefresher(
            refresher: refreshers(providers), metrics: metrics, workspaces: indices)
        let (logger, metrics, indices) = (logger, metrics, indices)
        return SessionKeeper(
            KeeperParts(
                records: records, refresher: refresher, revoker: RevocationEndpoints(settings.realms), clock: clock,
                random: random, limits: keeperLimits
            ) { event in
                KeeperNews.tell(event, to: logger)
                KeeperNews.count(event, in: metrics, indices)
            })
    }

    private var keeperLimits: KeeperLimits {
        var limits = KeeperLimits()
        limits.policy = RefreshPolicy(answerTime: settings.sessions.refreshAnswerTime)
        limits.staleness = settings.sessions.staleness
        limits.graces = Dictionary(
            settings.realms.map { ($0.realm, $0.oauth.refreshGrace) }, uniquingKeysWith: { first, _ in first })
        return limits
    }

    private func authority(
        _ keeper: SessionKeeper, _ records: SealedRecords, _ providers: [String: WorkspaceProvider],
        _ facade: FacadeParts, _ probe: AutomationProbe, _ handoffs: HandoffRecords, _ outside: AuthorityOutside
    ) -> Authority {
        Authority(
            workspaces: settings.workspaces.compactMap { workspace in
                providers[workspace.name].map { AuthorityWorkspace(workspace, provider: $0) }
            },
            keeper: keeper, flows: LoginFlows(records: records), handoffs: handoffs,
            facade: facade, probe: probe, lifetime: settings.sessions.lifetime, endNotice: settings.sessions.endNotice,
            outside: outside,
            logger: logger
        ) { [metrics, indices] workspace, outcome in
            metrics.logins.increment(indices[workspace] ?? .unknown, outcome.label)
        }
    }

    private func openAccessLog() throws(CommandFailure) -> AccessLogSink? {
        switch settings.accessLog {
        case .off: nil
        case .standardOutput: AccessLogSink(descriptor: 1)
        case .file(let path):
            try naming("accessLog") { () throws(AccessLogError) in try AccessLogSink.file(path) }
        }
    }

    private func naming<Value, Failure: Error>(
        _ key: String, _ make: () throws(Failure) -> Value
    ) throws(CommandFailure) -> Value {
        do throws(Failure) {
            return try make()
        } catch {
            throw CommandFailure("\(key): \(error)")
        }
    }
}
