import Basics
import NIOCore
import Sessions

/// Keeps one connection to Redis up: connects, introduces itself, queues commands meanwhile, and starts over when the
/// connection is lost. Everything in it happens on one event loop.
final class RedisLink {
    private enum State {
        case connecting(queue: CircularBuffer<Queued>)
        case ready(RedisChannel)
        case waitingToRetry
        case shutDown
    }

    struct Queued {
        let command: (RedisLink) -> RedisCommand
        let deadline: NIODeadline
        let answer: RedisChannel.Answer
    }

    private let configuration: RedisConfiguration
    private let loop: any EventLoop
    private let random: RandomSource
    private let onNews: (RedisNews) -> Void
    private let dialer: RedisDialer
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
    private(set) var shas: [RedisScript: String] = [:]

    init(
        _ configuration: RedisConfiguration, loop: any EventLoop, random: RandomSource, scripts: [RedisScript],
        onNews: @escaping (RedisNews) -> Void
    ) {
        self.configuration = configuration
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

    /// `command` is made when it is sent, because it may depend on what the connection knows.
    func send(_ command: @escaping (RedisLink) -> RedisCommand, answer: @escaping RedisChannel.Answer) {
        let deadline = NIODeadline.now() + TimeAmount(configuration.commandTimeout)
        let queued = Queued(command: command, deadline: deadline, answer: answer)
        switch state {
        case .ready(let channel): send(queued, on: channel)
        case .connecting(var queue) where lastFailure == nil && queue.count < configuration.queueLimit:
            queue.append(queued)
            state = .connecting(queue: queue)
            if queue.count == 1 { expireQueue(at: deadline) }
        case .connecting where lastFailure == nil: answer(.failure(.unavailable("too many commands are waiting")))
        case .shutDown: answer(.failure(.unavailable("the store was shut down")))
        case .connecting, .waitingToRetry: answer(.failure(lastFailure ?? .unavailable("not connected")))
        }
    }

    /// After an answer that says the server will not serve us on this connection.
    func reconnect() {
        if case .ready(let channel) = state { channel.close() }
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
    private func send(_ queued: Queued, on channel: RedisChannel) {
        guard channel.waitingCount < configuration.queueLimit else {
            return queued.answer(.failure(.unavailable("too many commands are waiting")))
        }
        channel.send(queued.command(self), deadline: queued.deadline, answer: queued.answer)
    }

    private func connect() {
        state = .connecting(queue: [])
        guard let sentinels = configuration.sentinels else {
            return connect(to: RedisServerAddress(host: configuration.host, port: configuration.port))
        }
        let patience = TimeAmount(configuration.connectTimeout)
        MasterSearch(sentinels, dialer: dialer, patience: patience) { [self] result in
            switch result {
            case .success(let server): connect(to: server)
            case .failure(let error): connectFailed(error)
            }
        }.askNext()
    }

    private func connect(to server: RedisServerAddress) {
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
        let introduction = RedisIntroduction(configuration, scripts: scripts)
        let deadline = NIODeadline.now() + TimeAmount(configuration.connectTimeout)
        introduction.run(on: channel, deadline: deadline) { [self] result in
            switch result {
            case .success(let shas):
                self.shas = shas
                becomeReady(channel, server)
            case .failure(let error):
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
        for queued in queue {
            send(queued, on: channel)
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

    private func fail(_ queue: CircularBuffer<Queued>, _ error: StoreError) {
        for queued in queue {
            queued.answer(.failure(error))
        }
    }
}

extension RandomSource {
    /// A number from 0 up to 1.
    fileprivate func fraction() -> Double {
        Double(bytes(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }) / 4_294_967_296
    }
}
