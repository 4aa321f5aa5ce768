import Basics
import NIOCore
import Sessions

/// One server for all keys: at a fixed address, or the master that Sentinels know.
final class SingleRedis: RedisServers {
    private let configuration: RedisConfiguration
    private let dialer: RedisDialer
    private let loop: any EventLoop
    private let node: RedisNode
    /// `nil` without Sentinels.
    private let watch: MasterWatch?
    private let tenure: MasterTenure
    /// Called with each answer of the Sentinels.
    var onMaster: MasterWatch.Tell?

    init(
        _ configuration: RedisConfiguration, loop: any EventLoop, random: RandomSource,
        onNews: @escaping (RedisNews) -> Void
    ) {
        self.configuration = configuration
        let dialer = RedisDialer(configuration, loop: loop)
        self.dialer = dialer
        self.loop = loop
        let tenure = MasterTenure()
        self.tenure = tenure
        let locator = RedisLocator { Self.locate(configuration, dialer, loop, tenure, $0) }
        node = RedisNode(configuration, at: locator, loop: loop, random: random, onNews: onNews)
        watch = configuration.sentinels.map {
            MasterWatch($0, dialer: dialer, loop: loop, patience: TimeAmount(configuration.connectTimeout))
        }
    }

    func start() {
        node.start()
        watch?.start { [self] master, asked in
            tenure.note(master, now: asked)
            node.leave(unless: master.server, asOf: asked)
            onMaster?(master, asked)
        }
    }

    func send(_ command: KeyedCommand, answer: @escaping RedisChannel.Answer) {
        node.send(command, deadline: node.deadline(for: command), answer: answer)
    }

    func ping(_ answer: @escaping (Result<Void, StoreError>) -> Void) {
        node.send(RedisCommand("PING")) { result in
            answer(
                result.flatMap { value in
                    if case .error(let text) = value { return .failure(RedisErrorText(text).storeError) }
                    return value == .status("PONG") ? .success(()) : .failure(RedisStore.nonsense)
                })
        }
    }

    func masters() -> Result<[RedisServerAddress], StoreError> {
        .success([RedisServerAddress(host: configuration.host, port: configuration.port)])
    }

    func send(_ command: RedisCommand, to server: RedisServerAddress, answer: @escaping RedisChannel.Answer) {
        node.send(command, answer: answer)
    }

    func ageOfMaster(of key: [UInt8]) -> Duration? {
        tenure.age(now: .now())
    }

    func locateListeningPost(_ found: @escaping RedisLocator.Found) {
        Self.locate(configuration, dialer, loop, tenure, found)
    }

    func authenticate(with credentials: RedisCredentials) {
        node.authenticate(with: credentials)
    }

    func isAuthenticated(with credentials: RedisCredentials) -> Bool {
        node.isAuthenticated(with: credentials)
    }

    func shutDown() {
        watch?.end()
        onMaster = nil
        node.shutDown()
    }

    private static func locate(
        _ configuration: RedisConfiguration, _ dialer: RedisDialer, _ loop: any EventLoop, _ tenure: MasterTenure,
        _ found: @escaping RedisLocator.Found
    ) {
        guard let sentinels = configuration.sentinels else {
            return found(.success(RedisServerAddress(host: configuration.host, port: configuration.port)))
        }
        let patience = TimeAmount(configuration.connectTimeout)
        let asked = NIODeadline.now()
        MasterSearch(sentinels, dialer: dialer, loop: loop, patience: patience) { result in
            if case .success(let master) = result { tenure.note(master, now: asked) }
            found(result.map(\.server))
        }.askNext()
    }
}
