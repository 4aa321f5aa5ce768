import Basics
import NIOCore
import Sessions

/// Keeps one connection to Redis up: connects, introduces itself, queues commands meanwhile, and starts over when the
/// connection is lost. Everything in it happens on one event loop.
final class RedisLink {
    private enum State {
        case connecting
        case ready(RedisChannel)
        case waitingToRetry
        case shutDown
    }

    private let configuration: RedisConfiguration
    private let loop: any EventLoop
    private let random: RandomSource
    private let onNews: (RedisNews) -> Void
    private let dialer: RedisDialer
    private let locator: RedisLocator
    private let scripts: [RedisScript]
    /// What waits for a connection.
    private let queue: ErrandQueue
    private var outage = RedisOutage()
    private var state: State = .waitingToRetry
    private var failures = 0
    /// Why the last attempt to connect failed; until one succeeds, commands fail at once.
    private var lastFailure: StoreError?
    private var readySince: NIODeadline = .now()
    private var retry: Scheduled<Void>?
    private var standing: Scheduled<Void>?
    /// Called with each connection that is ready.
    var onReady: ((RedisChannel) -> Void)?
    /// Called when the server does not accept credentials of now.
    var onRefusal: ((StoreError) -> Void)?
    /// Called when the connection breaks, and whenever it cannot be made.
    var onTrouble: (() -> Void)?
    private var acquaintance = RedisAcquaintance()
    /// Sent, and not answered yet.
    private var offered: RedisCredentials?
    /// Of the connection that is ready or being made.
    private(set) var server: RedisServerAddress?

    var shas: [RedisScript: String] { acquaintance.shas }

    var isReady: Bool {
        if case .ready = state { true } else { false }
    }

    init(
        _ configuration: RedisConfiguration, at locator: RedisLocator, loop: any EventLoop, random: RandomSource,
        scripts: [RedisScript], onNews: @escaping (RedisNews) -> Void
    ) {
        self.configuration = configuration
        self.locator = locator
        self.loop = loop
        self.random = random
        self.onNews = onNews
        self.scripts = scripts
        dialer = RedisDialer(configuration, loop: loop)
        queue = ErrandQueue(loop: loop, limit: configuration.queueLimit)
    }

    func start() {
        connect()
    }

    func send(_ errand: RedisErrand) {
        switch state {
        case .ready(let channel): send(errand, on: channel)
        case .connecting where lastFailure == nil: queue.add(errand)
        case .shutDown: errand.answer(.failure(.unavailable("the store was shut down")))
        case .connecting, .waitingToRetry: errand.answer(.failure(lastFailure ?? .unavailable("not connected")))
        }
    }

    /// After an answer that says the server will not serve us on this connection.
    func reconnect() {
        if case .ready(let channel) = state { channel.close() }
    }

    /// What was ready before somebody said which server is the master, and leads to another one, is made anew.
    func leave(unless master: RedisServerAddress, asOf moment: NIODeadline) {
        if server != master, readySince < moment { reconnect() }
    }

    /// Says who we are once more. A server that refuses leaves the connection as it was.
    func authenticate(with credentials: RedisCredentials) {
        guard case .ready(let channel) = state, acquaintance.credentials != credentials, offered != credentials else {
            return
        }
        offered = credentials
        // Longer than a `WAIT` that it may stand behind.
        let deadline = NIODeadline.now() + TimeAmount(configuration.longestAnswer)
        channel.send(credentials.command, deadline: deadline) { [self] answer in
            guard offered == credentials else { return }
            offered = nil
            if case .success(.status("OK")) = answer { acquaintance.credentials = credentials }
            if case .success(.error(let text)) = answer { onRefusal?(credentials.error(text)) }
        }
    }

    /// Also while there is no connection: the next one reads them itself.
    func isAuthenticated(with credentials: RedisCredentials) -> Bool {
        !isReady || acquaintance.credentials == credentials
    }

    func shutDown() {
        let previous = state
        state = .shutDown
        retry?.cancel()
        standing?.cancel()
        switch previous {
        case .ready(let channel): channel.close()
        case .connecting: queue.fail(.unavailable("the store was shut down"))
        case .waitingToRetry, .shutDown: break
        }
    }
}

extension RedisLink {
    private func send(_ errand: RedisErrand, on channel: RedisChannel) {
        guard channel.waitingCount < configuration.queueLimit else {
            return errand.answer(.failure(ErrandQueue.tooMany))
        }
        if errand.isAsking { channel.send(RedisCommand("ASKING"), deadline: errand.deadline) { _ in } }
        channel.send(errand.command(self), deadline: errand.deadline, answer: errand.answer)
    }

    private func connect() {
        state = .connecting
        locator.locate { [self] result in
            switch result {
            case .success(let server): connect(to: server)
            case .failure(let error): connectFailed(error)
            }
        }
    }

    private func connect(to server: RedisServerAddress) {
        self.server = server
        dialer.dial(server) { [self] result in
            switch result {
            case .success(let channel): introduce(channel)
            case .failure(let error): connectFailed(error)
            }
        }
    }

    private func introduce(_ channel: RedisChannel) {
        guard case .connecting = state else { return channel.close() }
        channel.onClose = { [self] in connectFailed(.unavailable("the connection was lost")) }
        // Sentinels may not have noticed yet that a server is no longer the master.
        let introduction = RedisIntroduction(
            login: configuration.login, database: configuration.cluster.isEmpty ? configuration.database : 0,
            scripts: scripts, needsMaster: configuration.sentinels != nil)
        let deadline = NIODeadline.now() + TimeAmount(configuration.connectTimeout)
        introduction.run(on: channel, loop: loop, deadline: deadline) { [self] result in
            switch result {
            case .success(let acquaintance):
                (self.acquaintance, offered) = (acquaintance, nil)
                becomeReady(channel)
            case .failure(let error):
                // One that was lost has been told of already.
                guard channel.onClose != nil else { return }
                channel.onClose = nil
                channel.close()
                connectFailed(error)
            }
        }
    }

    private func becomeReady(_ channel: RedisChannel) {
        guard case .connecting = state else { return channel.close() }
        failures = 0
        lastFailure = nil
        state = .ready(channel)
        readySince = .now()
        channel.onClose = { [self] in connectionLost() }
        onReady?(channel)
        awaitEndOfOutage()
        for errand in queue.takeAll() { send(errand, on: channel) }
    }

    private func awaitEndOfOutage() {
        guard outage.isUnderWay else { return }
        outage.connectionMade(at: .now())
        standing = loop.assumeIsolated().scheduleTask(in: RedisOutage.standing) { [self] in
            if let news = outage.ended() { onNews(news) }
        }
    }

    private func connectionLost() {
        guard case .ready = state else { return }
        standing?.cancel()
        outage.connectionLost(at: .now())
        state = .connecting
        onTrouble?()
        // A server that hangs up at once is not called back at once.
        guard NIODeadline.now() - readySince < .seconds(1) else { return connect() }
        connectFailed(.unavailable("the connection was lost"))
    }

    private func connectFailed(_ error: StoreError) {
        guard case .connecting = state else { return }
        failures += 1
        lastFailure = error
        if let news = outage.attemptFailed(error, at: .now()) { onNews(news) }
        state = .waitingToRetry
        let pause = configuration.pause(failures: failures, jitter: random.fraction())
        retry = loop.assumeIsolated().scheduleTask(in: TimeAmount(pause)) { [self] in
            if case .waitingToRetry = state { connect() }
        }
        onTrouble?()
        queue.fail(error)
    }
}
