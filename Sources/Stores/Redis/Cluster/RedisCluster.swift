import Basics
import NIOCore
import Sessions

/// A Redis Cluster: a node for each master in use, and the map that says which one keeps what. Lives on one event loop.
final class RedisCluster: RedisServers {
    let configuration: RedisConfiguration
    private let loop: any EventLoop
    private let random: RandomSource
    private let onNews: (RedisNews) -> Void
    let refresh: SlotMapRefresh
    private(set) var map: SlotMap?
    private var nodes: [RedisServerAddress: RedisNode] = [:]
    /// When commands were last sent to servers that keep no slot yet.
    private var asked: [RedisServerAddress: NIODeadline] = [:]
    private var tenures = ClusterTenures()
    private var outage = ClusterOutage()
    /// Why there is no map.
    private(set) var problem = StoreError.unavailable("no server of the cluster has answered yet")
    private var post = 0
    /// Called with each map that was found.
    var onMap: ((SlotMap) -> Void)?

    init(
        _ configuration: RedisConfiguration, loop: any EventLoop, random: RandomSource,
        onNews: @escaping (RedisNews) -> Void
    ) {
        self.configuration = configuration
        self.loop = loop
        self.random = random
        self.onNews = onNews
        refresh = SlotMapRefresh(configuration, loop: loop, random: random)
    }

    func start() {
        post = Int(random.fraction() * 1024)
        refresh.servers = { [weak self] in self?.serversToAsk ?? [] }
        refresh.found = { [weak self] in self?.searched($0) ?? true }
        refresh.want()
    }

    func node(at server: RedisServerAddress) -> RedisNode {
        nodes[server] ?? makeNode(at: server)
    }

    func learn(that server: RedisServerAddress, keeps slot: Int) {
        map?.assign(slot...slot, to: server)
        tenures.learn(server, now: .now())
    }

    func ageOfMaster(of key: [UInt8]) -> Duration? {
        map?.master(of: KeySlot.of(key)).flatMap { tenures.age(of: $0, now: .now()) }
    }

    func willAsk(_ server: RedisServerAddress) {
        asked[server] = .now()
    }

    /// Another one at each attempt; for what is published in a cluster is heard on every server.
    func locateListeningPost(_ found: @escaping RedisLocator.Found) {
        let posts = map?.servers.sorted { $0.description < $1.description } ?? []
        guard !posts.isEmpty else { return found(.failure(problem)) }
        post += 1
        found(.success(posts[post % posts.count]))
    }

    func authenticate(with credentials: RedisCredentials) {
        nodes.values.forEach { $0.authenticate(with: credentials) }
    }

    func isAuthenticated(with credentials: RedisCredentials) -> Bool {
        nodes.values.allSatisfy { $0.isAuthenticated(with: credentials) }
    }

    func shutDown() {
        refresh.shutDown()
        onMap = nil
        nodes.values.forEach { $0.shutDown() }
    }
}

extension RedisCluster {
    /// Those that serve first; then others, and what the settings name last. Another one begins each time, for one that has
    /// lost the others gives an old map.
    private var serversToAsk: [RedisServerAddress] {
        let known = map?.servers.sorted { $0.description < $1.description } ?? []
        let start = known.isEmpty ? 0 : Int(random.fraction() * Double(known.count))
        let turned = known[start...] + known[..<start]
        let (serving, others) = (
            turned.filter { nodes[$0]?.isReady == true }, turned.filter { nodes[$0]?.isReady != true }
        )
        return serving + others + configuration.cluster.filter { !known.contains($0) }
    }

    /// Whether all is well.
    private func searched(_ result: Result<SlotMap, StoreError>) -> Bool {
        switch result {
        case .success(let map): take(map)
        case .failure(let error):
            problem = error
            tell(outage.lost(.map, error, at: .now()))
        }
        return !outage.isUnderWay
    }

    private func take(_ map: SlotMap) {
        self.map = map
        tell(outage.back(.map, at: .now()))
        let masters = map.masters
        tenures.take(masters, now: .now())
        for server in masters { _ = node(at: server) }
        asked = asked.filter { $0.value > .now() - .seconds(10) }
        for (server, node) in nodes where !masters.contains(server) && asked[server] == nil { retire(node, server) }
        onMap?(map)
    }

    private func makeNode(at server: RedisServerAddress) -> RedisNode {
        let locator = RedisLocator { $0(.success(server)) }
        let node = RedisNode(configuration, at: locator, loop: loop, random: random) { [weak self] news in
            self?.heard(news, of: server)
        }
        node.onTrouble = { [weak self] in self?.refresh.want() }
        nodes[server] = node
        node.start()
        return node
    }

    private func heard(_ news: RedisNews, of server: RedisServerAddress) {
        guard nodes[server] != nil else { return }
        switch news {
        case .lost(let error): tell(outage.lost(.server(server), error, at: .now()))
        case .back: tell(outage.back(.server(server), at: .now()))
        default: tell(news)
        }
    }

    /// What is under way may end.
    private func retire(_ node: RedisNode, _ server: RedisServerAddress) {
        nodes[server] = nil
        tell(outage.back(.server(server), at: .now()))
        node.onTrouble = nil
        loop.assumeIsolated().scheduleTask(in: TimeAmount(configuration.longestAnswer)) { node.shutDown() }
    }

    private func tell(_ news: RedisNews?) {
        if let news { onNews(news) }
    }
}
