import Basics
import NIOCore
import Sessions

/// Keeps one connection to Redis up: connects, introduces itself, queues commands meanwhile, and starts over when the
/// connection is lost. Everything in it happens on one event loop.
final class RedisLink {
    private enum State {
        case connecting(queue: CircularBuffer<RedisErrand>)
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
    /// `nil` without Sentinels.
    private let watch: MasterWatch?
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
        let dialer = RedisDialer(configuration, loop: loop)
        self.dialer = dialer
        watch = configuration.sentinels.map {
            MasterWatch($0, dialer: dialer, loop: loop, patience: TimeAmount(configuration.connectTimeout))
        }
    }

    func start() {
        connect()
    }

    func send(_ errand: RedisErrand) {
        switch state {
        case .ready(let channel): send(errand, on: channel)
        case .connecting(var queue) where lastFailure == nil && queue.count < configuration.queueLimit:
            queue.append(errand)
            state = .connecting(queue: queue)
            if queue.count == 1 { expireQueue(at: errand.deadline) }
        case .connecting where lastFailure == nil: errand.answer(.failure(Self.tooMany))
        case .shutDown: errand.answer(.failure(.unavailable("the store was shut down")))
        case .connecting, .waitingToRetry: errand.answer(.failure(lastFailure ?? .unavailable("not connected")))
        }
    }

    /// After an answer that says the server will not serve us on this connection.
    func reconnect() {
        if case .ready(let channel) = state { channel.close() }
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
        watch?.end()
        switch previous {
        case .ready(let channel): channel.close()
        case .connecting(let queue): fail(queue, .unavailable("the store was shut down"))
        case .waitingToRetry, .shutDown: break
        }
    }
}

extension RedisLink {
    private static let tooMany = StoreError.unavailable("too many commands are waiting")

    private func send(_ errand: RedisErrand, on channel: RedisChannel) {
        guard channel.waitingCount < configuration.queueLimit else { return errand.answer(.failure(Self.tooMany)) }
        if errand.isAsking { channel.send(RedisCommand("ASKING"), deadline: errand.deadline) { _ in } }
        channel.send(errand.command(self), deadline: errand.deadline, answer: errand.answer)
    }

    private func connect() {
        state = .connecting(queue: [])
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
            case .success(let channel): introduce(channel, server)
            case .failure(let error): connectFailed(error)
            }
        }
    }

    private func introduce(_ channel: RedisChannel, _ server: RedisServerAddress) {
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
                becomeReady(channel, server)
            case .failure(let error):
                // One that was lost has been told of already.
                guard channel.onClose != nil else { return }
                channel.onClose = nil
                channel.close()
                connectFailed(error)
            }
        }
    }

    private func becomeReady(_ channel: RedisChannel, _ server: RedisServerAddress) {
        guard case .connecting(let queue) = state else { return channel.close() }
        failures = 0
        lastFailure = nil
        state = .ready(channel)
        readySince = .now()
        channel.onClose = { [self] in connectionLost() }
        watch?.begin(server) { channel.close() }
        onReady?(channel)
        awaitEndOfOutage()
        for errand in queue {
            send(errand, on: channel)
        }
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
        watch?.end()
        outage.connectionLost(at: .now())
        state = .connecting(queue: [])
        onTrouble?()
        // A server that hangs up at once is not called back at once.
        guard NIODeadline.now() - readySince < .seconds(1) else { return connect() }
        connectFailed(.unavailable("the connection was lost"))
    }

    private func connectFailed(_ error: StoreError) {
        guard case .connecting(let queue) = state else { return }
        failures += 1
        lastFailure = error
        if let news = outage.attemptFailed(error, at: .now()) { onNews(news) }
        state = .waitingToRetry
        let pause = configuration.pause(failures: failures, jitter: random.fraction())
        retry = loop.assumeIsolated().scheduleTask(in: TimeAmount(pause)) { [self] in
            if case .waitingToRetry = state { connect() }
        }
        onTrouble?()
        fail(queue, error)
    }

    /// Commands that wait for a connection wait no longer than others.
    private func expireQueue(at deadline: NIODeadline) {
        loop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            guard case .connecting(var queue) = state else { return }
            while let first = queue.first, first.deadline <= .now() {
                queue.removeFirst()
                first.answer(.failure(.timedOut))
            }
            state = .connecting(queue: queue)
            if let next = queue.first { expireQueue(at: next.deadline) }
        }
    }

    private func fail(_ queue: CircularBuffer<RedisErrand>, _ error: StoreError) {
        for errand in queue {
            errand.answer(.failure(error))
        }
    }
}
