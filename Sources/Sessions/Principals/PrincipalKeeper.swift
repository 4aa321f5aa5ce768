import Basics
import Synchronization

/// Gets and renews the tokens of service principals, and of people where theirs are exchanged: one question at a time for
/// each, ahead of their end, with pauses after failures. Replicas do so each for itself.
public final class PrincipalKeeper: PrincipalKeeping {
    typealias Flight = Task<Result<PrincipalToken, PrincipalFailure>, Never>

    private struct Entry {
        var token: PrincipalToken?
        var flight: Flight?
        var failure: PrincipalFailure?
        var failures = 0
        var quietUntil = Timestamp(milliseconds: 0)
        var dueAt: Timestamp?

        /// Failures are remembered for a while, so that the pauses between them grow.
        func isOfUse(at now: Timestamp) -> Bool {
            flight != nil || now < quietUntil + .seconds(600) || token.map { now < $0.expiresAt } ?? false
        }
    }

    /// Called from any thread; must not block.
    public typealias Report = @Sendable (PrincipalID, Result<Void, PrincipalFailure>) -> Void

    private let granting: any PrincipalGranting
    private let clock: WallClock
    private let random: RandomSource
    let pause: Pause
    private let policy: RefreshPolicy
    private let report: Report
    private let entries = Mutex<[PrincipalID: Entry]>([:])
    private let tokensGot = Atomic<UInt64>(0)

    public init(
        granting: any PrincipalGranting, clock: WallClock, random: RandomSource, pause: Pause = .system,
        policy: RefreshPolicy = RefreshPolicy(), report: @escaping Report = { _, _ in }
    ) {
        self.granting = granting
        self.clock = clock
        self.random = random
        self.pause = pause
        self.policy = policy
        self.report = report
    }

    public func obtain(_ id: PrincipalID, after generation: UInt64) async throws(PrincipalFailure) -> PrincipalToken {
        try await step(for: id, after: generation).value.get()
    }

    func step(for id: PrincipalID, after generation: UInt64) -> Step {
        let now = clock.now()
        return entries.withLock { step(&$0[id, default: Entry()], id, after: generation, now: now) }
    }

    /// Renews ahead of their end what was asked for once, until the task is cancelled. Run it once per process.
    public func run() async {
        while !Task.isCancelled {
            tick()
            await pause.wait(.seconds(1))
        }
    }

    func tick() {
        let now = clock.now()
        entries.withLock { entries in
            for (id, entry) in entries {
                if id.isPerson, !entry.isOfUse(at: now) { entries[id] = nil }
                guard let due = entry.dueAt, due <= now, entry.flight == nil, entry.quietUntil <= now else { continue }
                entries[id]?.flight = launch(id)
            }
        }
    }

    enum Step {
        case answer(Result<PrincipalToken, PrincipalFailure>)
        case wait(Flight)

        var value: Result<PrincipalToken, PrincipalFailure> {
            get async {
                switch self {
                case .answer(let answer): answer
                case .wait(let task): await task.value
                }
            }
        }
    }

    private func step(_ entry: inout Entry, _ id: PrincipalID, after generation: UInt64, now: Timestamp) -> Step {
        if let token = entry.token, token.expiresAt > now {
            // One that the workspace rejects is not replaced at once: it may reject the next as well.
            let isFresh = token.obtainedAt + Self.leastAge > now
            if token.generation > generation || isFresh { return .answer(.success(token)) }
        }
        if let flight = entry.flight { return .wait(flight) }
        if now < entry.quietUntil, let failure = entry.failure {
            return .answer(.failure(failure.asking(for: entry.quietUntil.since(now))))
        }
        let flight = launch(id)
        entry.flight = flight
        return .wait(flight)
    }

    private static let leastAge = Duration.seconds(5)

    /// Detached: no client that goes away takes the question along.
    private func launch(_ id: PrincipalID) -> Flight {
        Task.detached {
            do throws(PrincipalFailure) {
                return .success(self.land(id, try await self.granting.token(for: id)))
            } catch {
                self.land(id, error)
                return .failure(error)
            }
        }
    }

    private func land(_ id: PrincipalID, _ token: PrincipalToken) -> PrincipalToken {
        var token = token
        let due = policy.dueAt(obtainedAt: token.obtainedAt, expiresAt: token.expiresAt, jitter: random.fraction())
        token.generation = tokensGot.add(1, ordering: .relaxed).newValue
        entries.withLock { $0[id] = Entry(token: token, dueAt: id.isPerson ? nil : due) }
        report(id, .success(()))
        return token
    }

    private func land(_ id: PrincipalID, _ failure: PrincipalFailure) {
        let (now, jitter) = (clock.now(), random.fraction())
        entries.withLock { entries in
            var entry = entries[id] ?? Entry()
            entry.flight = nil
            entry.failure = failure
            entry.failures += 1
            entry.quietUntil = now + policy.pause(failures: entry.failures, asked: failure.retryAfter, jitter: jitter)
            entries[id] = entry
        }
        report(id, .failure(failure))
    }
}

extension PrincipalFailure {
    var retryAfter: Duration? {
        if case .passing(_, let retryAfter) = self { retryAfter } else { nil }
    }

    fileprivate func asking(for time: Duration) -> PrincipalFailure {
        switch self {
        case .refused, .notAdmitted, .login: self
        case .passing(let reason, _): .passing(reason: reason, retryAfter: time)
        }
    }
}
