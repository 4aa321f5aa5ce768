import Logging
import NIOCore

/// Looks one name up for whoever on one event loop wants its addresses: one question at a time, however many wait.
final class SharedLookup {
    typealias Answer = Result<[SocketAddress], LookupFailure>

    private let host: String
    private let port: Int
    private let times: LookupTimes
    private let eventLoop: any EventLoop
    private let lookup: any NameLookup
    private let logger: Logger
    private var memory: NameMemory
    private var waiters: [(Answer) -> Void] = []
    private var isAsking = false
    private var patience: Scheduled<Void>?

    init(
        host: String, port: Int, times: LookupTimes, eventLoop: any EventLoop, lookup: any NameLookup, logger: Logger
    ) {
        self.host = host
        self.port = port
        self.times = times
        self.eventLoop = eventLoop
        self.lookup = lookup
        self.logger = logger
        memory = NameMemory(times)
    }

    /// Answers at once or later, once.
    func find(_ waiter: @escaping (Answer) -> Void) {
        let now = NIODeadline.now()
        if let known = memory.fresh(at: now) { return waiter(.success(known)) }
        // The question under way is overdue: who comes now waits for it no longer than the others did.
        if isAsking, memory.isFailing, let kept = memory.kept(at: now) { return waiter(.success(kept)) }
        waiters.append(waiter)
        if !isAsking { ask() }
    }

    private func ask() {
        isAsking = true
        patience = eventLoop.assumeIsolated().scheduleTask(in: times.patience) { self.fail(.noAnswer, isFinal: false) }
        lookup.addresses(of: host, port: port, on: eventLoop).assumeIsolated().whenComplete { self.answered($0) }
    }

    private func answered(_ result: Result<[SocketAddress], any Error>) {
        isAsking = false
        patience?.cancel()
        switch result {
        case .success(let addresses) where !addresses.isEmpty: learn(addresses)
        case .success: fail(.noSuchName, isFinal: true)
        case .failure(let error): fail(error as? LookupFailure ?? .other("\(error)"), isFinal: true)
        }
    }

    private func learn(_ addresses: [SocketAddress]) {
        if memory.isFailing { logger.info("the name has addresses again", metadata: ["host": "\(host)"]) }
        memory.learn(addresses, at: .now())
        tell(.success(addresses))
    }

    /// Whoever waits gets the last answer. Without one they go on waiting unless the failure is final.
    private func fail(_ failure: LookupFailure, isFinal: Bool) {
        let now = NIODeadline.now()
        let kept = memory.kept(at: now)
        guard kept != nil || isFinal else { return }
        if kept != nil, !memory.isFailing { tellLog(failure, at: now) }
        memory.failed(at: now)
        tell(kept.map { .success($0) } ?? .failure(failure))
    }

    private func tellLog(_ failure: LookupFailure, at now: NIODeadline) {
        logger.warning(
            "the last known addresses are used",
            metadata: [
                "host": "\(host)", "reason": "\(failure.text(of: host))",
                "age": "\(memory.age(at: now).nanoseconds / 1_000_000_000) s",
            ])
    }

    private func tell(_ answer: Answer) {
        let waiting = waiters
        waiters = []
        waiting.forEach { $0(answer) }
    }
}
