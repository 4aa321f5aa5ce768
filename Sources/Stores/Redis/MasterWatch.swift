import NIOCore
import Sessions

/// Asks the Sentinels every second which server is the master, for all connections of a store. Lives on one event loop.
///
/// A master that was replaced while it was out of reach takes itself for one until a Sentinel tells it otherwise, some ten
/// seconds later. What is written there is lost, and leases that it grants are granted elsewhere, too.
final class MasterWatch {
    /// The master, and when it was asked for: a connection that was made later may know better.
    typealias Tell = (RedisMaster, NIODeadline) -> Void

    private let sentinels: RedisSentinels
    private let dialer: RedisDialer
    private let loop: any EventLoop
    private let patience: TimeAmount
    private var next: Scheduled<Void>?
    private var tell: Tell?

    init(_ sentinels: RedisSentinels, dialer: RedisDialer, loop: any EventLoop, patience: TimeAmount) {
        self.sentinels = sentinels
        self.dialer = dialer
        self.loop = loop
        self.patience = patience
    }

    func start(_ tell: @escaping Tell) {
        self.tell = tell
        askSoon()
    }

    func end() {
        tell = nil
        next?.cancel()
    }

    private func askSoon() {
        next = loop.assumeIsolated().scheduleTask(in: Self.pause) { [self] in ask() }
    }

    private func ask() {
        let asked = NIODeadline.now()
        MasterSearch(sentinels, dialer: dialer, loop: loop, patience: patience) { [self] result in
            guard let tell else { return }
            if case .success(let master) = result { tell(master, asked) }
            askSoon()
        }.askNext()
    }

    private static let pause = TimeAmount.seconds(1)
}
