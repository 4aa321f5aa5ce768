import NIOCore
import Sessions

/// Sends writes and waits until replicas have them (`WAIT`), on a connection of its own: `WAIT` counts the writes of its
/// connection, and holds up what comes behind it. Lives on one event loop.
///
/// What comes while one is waited for is sent after it, all together and with one `WAIT`.
final class AcknowledgedWrites {
    private let acknowledgement: RedisAcknowledgement
    private let configuration: RedisConfiguration
    private let onNews: (RedisNews) -> Void
    private var waiting: [RedisErrand] = []
    private var isWaiting = false
    let link: RedisLink

    init(
        _ link: RedisLink, _ acknowledgement: RedisAcknowledgement, _ configuration: RedisConfiguration,
        onNews: @escaping (RedisNews) -> Void
    ) {
        self.link = link
        self.acknowledgement = acknowledgement
        self.configuration = configuration
        self.onNews = onNews
    }

    /// Its own time, and twice the patience: the group before it may need that as well.
    var deadline: NIODeadline {
        .now() + TimeAmount(configuration.longestAnswer)
    }

    func send(_ errand: RedisErrand) {
        guard isWaiting else { return send([errand]) }
        guard waiting.count < configuration.queueLimit else {
            return errand.answer(.failure(.unavailable("too many commands are waiting")))
        }
        waiting.append(errand)
    }

    private func send(_ group: [RedisErrand]) {
        isWaiting = true
        let round = Round()
        for errand in group {
            link.send(
                RedisErrand(command: errand.command, deadline: errand.deadline, isAsking: errand.isAsking) { result in
                    guard Round.hasWritten(result) else { return errand.answer(result) }
                    round.written.append { errand.answer(result) }
                })
        }
        let patience = String(acknowledgement.patience.milliseconds)
        let command = RedisCommand("WAIT", String(acknowledgement.replicas), patience)
        link.send(
            RedisErrand(command: { _ in command }, deadline: deadline) { [self] result in ended(round, result) })
    }

    private func ended(_ round: Round, _ result: Result<RESPValue, StoreError>) {
        if !round.written.isEmpty { tell(round.written.count, result) }
        for answer in round.written { answer() }
        isWaiting = false
        let now = NIODeadline.now()
        let late = waiting.filter { $0.deadline <= now }
        let group = waiting.filter { $0.deadline > now }
        waiting = []
        if !group.isEmpty { send(group) }
        for errand in late { errand.answer(.failure(.timedOut)) }
    }

    private func tell(_ writes: Int, _ result: Result<RESPValue, StoreError>) {
        switch result {
        case .success(.integer(let replicas)) where replicas >= acknowledgement.replicas: onNews(.acknowledged)
        case .success(.error(let text)): onNews(.unacknowledged(writes: writes, RedisErrorText(text).storeError))
        case .success:
            onNews(.unacknowledged(writes: writes, .unavailable("fewer replicas of Redis have it than shall")))
        case .failure(let error): onNews(.unacknowledged(writes: writes, error))
        }
    }

    /// The writes that one `WAIT` is for.
    private final class Round {
        /// How to answer them.
        var written: [() -> Void] = []

        /// What the scripts answer that have written.
        static func hasWritten(_ result: Result<RESPValue, StoreError>) -> Bool {
            switch result {
            case .success(.status("OK")), .success(.integer(1)), .success(.array): true
            default: false
            }
        }
    }
}
