import NIOCore
import Sessions

/// Asks the Sentinels every second whether the server that a connection leads to is still the master. Lives on one event loop.
///
/// A master that was replaced while it was out of reach takes itself for one until a Sentinel tells it otherwise, some ten
/// seconds later. What is written there is lost, and leases that it grants are granted elsewhere, too.
final class MasterWatch {
    private let sentinels: RedisSentinels
    private let dialer: RedisDialer
    private let loop: any EventLoop
    private let patience: TimeAmount
    private var watched: RedisServerAddress?
    private var next: Scheduled<Void>?

    init(_ sentinels: RedisSentinels, dialer: RedisDialer, loop: any EventLoop, patience: TimeAmount) {
        self.sentinels = sentinels
        self.dialer = dialer
        self.loop = loop
        self.patience = patience
    }

    /// `replaced` is called once, when the Sentinels name another server.
    func begin(_ server: RedisServerAddress, replaced: @escaping () -> Void) {
        end()
        watched = server
        next = loop.assumeIsolated().scheduleTask(in: Self.pause) { [self] in ask(server, replaced) }
    }

    func end() {
        watched = nil
        next?.cancel()
        next = nil
    }

    private func ask(_ server: RedisServerAddress, _ replaced: @escaping () -> Void) {
        MasterSearch(sentinels, dialer: dialer, loop: loop, patience: patience) { [self] result in
            guard watched == server else { return }
            guard case .success(let master) = result, master != server else { return begin(server, replaced: replaced) }
            end()
            replaced()
        }.askNext()
    }

    private static let pause = TimeAmount.seconds(1)
}
