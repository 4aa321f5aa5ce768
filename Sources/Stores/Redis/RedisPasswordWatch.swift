import NIOCore
import Sessions

/// Takes up a password that was changed in its file: connections authenticate again, so that the former one may be removed.
/// Lives on one event loop.
final class RedisPasswordWatch {
    private let login: RedisLogin
    private let loop: any EventLoop
    private unowned let fleet: RedisFleet
    private let onNews: (RedisNews) -> Void
    private var next: Scheduled<Void>?
    private var isShutDown = false
    private var taken: RedisCredentials?

    init(_ fleet: RedisFleet, login: RedisLogin, loop: any EventLoop, onNews: @escaping (RedisNews) -> Void) {
        self.fleet = fleet
        self.login = login
        self.loop = loop
        self.onNews = onNews
    }

    func start() {
        if login.password?.origin != nil { look() }
    }

    func shutDown() {
        isShutDown = true
        next?.cancel()
    }

    private func look() {
        login.read(on: loop) { [weak self] result in
            guard let self, !isShutDown else { return }
            // A file that cannot be read is told of by the next connection that needs it.
            if case .success(let credentials?) = result { take(credentials) }
            next = loop.assumeIsolated().scheduleTask(in: Self.interval) { [weak self] in self?.look() }
        }
    }

    private func take(_ credentials: RedisCredentials) {
        fleet.servers.authenticate(with: credentials)
        guard fleet.servers.isAuthenticated(with: credentials) else { return }
        // A subscribed connection cannot authenticate again (RESP2).
        fleet.subscription.renew(for: credentials)
        if let taken, taken != credentials { onNews(.passwordTaken) }
        taken = credentials
    }

    private static let interval = TimeAmount.milliseconds(500)
}
