import Basics
import NIOCore
import Sessions

/// Gets the map of a cluster when it is wanted: one search at a time, with a pause behind each. Lives on one event loop.
final class SlotMapRefresh {
    private let configuration: RedisConfiguration
    private let loop: any EventLoop
    private let random: RandomSource
    private let dialer: RedisDialer
    /// Whom to ask, in this order.
    var servers: () -> [RedisServerAddress] = { [] }
    /// Takes what was found, and says whether all is well: if not, it is asked again, and less and less often.
    var found: (Result<SlotMap, StoreError>) -> Bool = { _ in true }
    private var isSearching = false
    private var isWantedAgain = false
    private var isShutDown = false
    private var failures = 0
    private var earliest: NIODeadline = .now()
    private var scheduled: Scheduled<Void>?

    init(_ configuration: RedisConfiguration, loop: any EventLoop, random: RandomSource) {
        self.configuration = configuration
        self.loop = loop
        self.random = random
        dialer = RedisDialer(configuration, loop: loop)
    }

    func want() {
        guard !isShutDown, scheduled == nil else { return }
        guard !isSearching else { return isWantedAgain = true }
        guard earliest > .now() else { return search() }
        scheduled = loop.assumeIsolated().scheduleTask(deadline: earliest) { [weak self] in
            self?.scheduled = nil
            self?.search()
        }
    }

    func shutDown() {
        isShutDown = true
        scheduled?.cancel()
    }

    private func search() {
        guard !isShutDown else { return }
        isSearching = true
        isWantedAgain = false
        SlotSearch(servers(), configuration, dialer: dialer, loop: loop) { [weak self] result in
            self?.searched(result)
        }.askNext()
    }

    private func searched(_ result: Result<SlotMap, StoreError>) {
        guard !isShutDown else { return }
        isSearching = false
        let isWell = found(result)
        failures = isWell ? 0 : failures + 1
        let pause = isWell ? Self.calm : configuration.pause(failures: failures, jitter: random.fraction())
        earliest = .now() + TimeAmount(pause)
        if !isWell || isWantedAgain { want() }
    }

    /// Between two searches, however many commands were sent elsewhere.
    private static let calm = Duration.milliseconds(200)
}
