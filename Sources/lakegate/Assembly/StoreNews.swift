import Basics
import Logging
import Sessions
import Stores
import Synchronization

/// What the log says of the store: a line when it goes away, a line when it is back, and of single failures no more than
/// one a minute.
final class StoreNews: Sendable {
    fileprivate struct State {
        var isAway = false
        /// Failures since the last line.
        var failures = 0
        var toldAt: ContinuousClock.Instant?
        var isUnacknowledged = false
    }

    private let logger: Logger
    private let server: String
    private let state = Mutex(State())

    /// - Parameter server: Where the store is, as the log shall have it.
    init(server: String, logger: Logger) {
        self.server = server
        self.logger = logger
    }

    func failed(_ error: StoreError, at now: ContinuousClock.Instant = .now) {
        let failures: Int? = state.withLock { state in
            state.failures += 1
            if state.isAway { return nil }
            if let toldAt = state.toldAt, now - toldAt < .seconds(60) { return nil }
            state.toldAt = now
            return state.takeFailures()
        }
        guard let failures else { return }
        logger.warning(
            "the store of sessions failed",
            metadata: ["server": "\(server)", "error": "\(error)", "failures": "\(failures)"])
    }

    func tell(_ news: RedisNews) {
        switch news {
        case .lost(let error):
            state.withLock { $0.isAway = true }
            logger.warning("the store of sessions is away", metadata: ["server": "\(server)", "reason": "\(error)"])
        case .back(let time): tellOfReturn(after: time)
        case .passwordTaken: logger.info("the store's password replaced", metadata: ["server": "\(server)"])
        case .refused(let error): failed(error)
        case .acknowledged: tellOfReplicas(isUnacknowledged: false)
        case .unacknowledged(_, let error): tellOfReplicas(isUnacknowledged: true, "\(error)")
        }
    }

    private func tellOfReturn(after time: Duration) {
        let failures = state.withLock { state in
            state.isAway = false
            return state.takeFailures()
        }
        let seconds = Double(time.milliseconds / 100) / 10
        logger.info(
            "the store of sessions is back",
            metadata: ["server": "\(server)", "after": "\(seconds) s", "failures": "\(failures)"])
    }

    private func tellOfReplicas(isUnacknowledged: Bool, _ reason: String = "") {
        let isKnown = state.withLock { state in
            defer { state.isUnacknowledged = isUnacknowledged }
            return state.isUnacknowledged == isUnacknowledged
        }
        guard !isKnown else { return }
        guard isUnacknowledged else {
            return logger.info("replicas of the store follow again", metadata: ["server": "\(server)"])
        }
        logger.warning(
            "replicas of the store do not follow: a failover may forget what is written",
            metadata: ["server": "\(server)", "reason": "\(reason)"])
    }
}

extension StoreNews.State {
    fileprivate mutating func takeFailures() -> Int {
        defer { failures = 0 }
        return failures
    }
}
