import NIOCore
import TLS

/// One connection on its way: the lookup, then a race between addresses, and one answer at the end.
final class Dial {
    let dialer: Dialer
    /// `nil` once answered or cancelled.
    private var completion: ((Result<DialedConnection, DialFailure>) -> Void)?
    private let began = NIODeadline.now()
    private var waiting: [SocketAddress] = []
    /// Under way; with `securing`, that one alone.
    private var attempts: [DialAttempt] = []
    /// Won the race for a TCP connection.
    private var securing: DialAttempt?
    private var failures: [DialFailure.Attempt] = []
    private var addressCount = 0
    private var stagger: Scheduled<Void>?
    private var limit: Scheduled<Void>?
    private var isLate = false

    init(dialer: Dialer, completion: @escaping (Result<DialedConnection, DialFailure>) -> Void) {
        self.dialer = dialer
        self.completion = completion
    }

    /// Closes whatever is under way; no answer comes.
    func cancel() {
        completion = nil
        end()
    }

    func stop() {
        fail(DialFailure(stopped: dialer.target, elapsed: elapsed))
    }

    func start() {
        guard completion != nil else { return }
        guard !dialer.isStopped else { return stop() }
        limit = schedule(in: dialer.times.connect) { $0.timeIsUp() }
        dialer.names.find { self.found($0) }
    }

    private func found(_ answer: Result<[SocketAddress], LookupFailure>) {
        guard completion != nil else { return }
        switch answer {
        case .success(let addresses):
            waiting = dialer.health.ordered(AddressOrder.interleaved(addresses), at: .now())
            addressCount = waiting.count
            tryNext()
        case .failure(let failure):
            fail(DialFailure(failure, target: dialer.target, elapsed: elapsed))
        }
    }

    private func timeIsUp() {
        isLate = true
        waiting = []
        stagger?.cancel()
        for attempt in attempts where attempt !== securing { drop(attempt, .unreachable, "no answer in time") }
        guard securing == nil else { return }
        if failures.isEmpty { return fail(DialFailure(.noAnswer, target: dialer.target, elapsed: elapsed)) }
        tryNext()
    }
}

// The race.
extension Dial {
    private func tryNext() {
        guard completion != nil, securing == nil else { return }
        stagger?.cancel()
        guard !waiting.isEmpty else {
            if attempts.isEmpty { fail(DialFailure(failures, target: dialer.target, elapsed: elapsed)) }
            return
        }
        let attempt = DialAttempt(address: waiting.removeFirst(), dial: self)
        attempts.append(attempt)
        if !waiting.isEmpty { stagger = schedule(in: dialer.times.stagger) { $0.tryNext() } }
        attempt.connect()
    }

    /// The first TCP connection goes on alone. The others come back if it leads nowhere.
    func connected(_ attempt: DialAttempt) {
        stagger?.cancel()
        securing = attempt
        for other in attempts where other !== attempt {
            if other.elapsed >= dialer.times.stagger {
                dialer.failed(other.address, "slower than another one", hasOthers: true)
            }
            other.leave()
            if !isLate { waiting.append(other.address) }
        }
        attempts = [attempt]
        attempt.secure()
    }

    func failed(_ attempt: DialAttempt, _ cause: DialFailure.Cause, _ reason: String) {
        if securing === attempt { securing = nil }
        drop(attempt, cause, reason)
        // What the proxy has decided it would say at its other addresses, too.
        if cause.isAnswer { waiting = [] }
        tryNext()
    }

    func secured(_ attempt: DialAttempt, _ tls: TLSConnection) {
        attempts = []
        dialer.health.succeeded(attempt.address)
        let connection = DialedConnection(
            tls: tls, negotiatedProtocol: tls.negotiatedProtocol, address: attempt.address)
        answer(.success(connection))
    }

    private func drop(_ attempt: DialAttempt, _ cause: DialFailure.Cause, _ reason: String) {
        attempts.removeAll { $0 === attempt }
        let failure = DialFailure.Attempt(
            address: attempt.address, cause: cause, reason: reason, elapsed: attempt.elapsed)
        failures.append(failure)
        if !cause.isAnswer { dialer.failed(attempt.address, reason, hasOthers: addressCount > 1) }
        attempt.leave()
    }
}

// The end.
extension Dial {
    private var elapsed: TimeAmount { .now() - began }

    private func fail(_ failure: DialFailure) {
        answer(.failure(failure))
    }

    private func answer(_ result: Result<DialedConnection, DialFailure>) {
        guard let completion else { return }
        self.completion = nil
        end()
        completion(result)
    }

    private func end() {
        stagger?.cancel()
        limit?.cancel()
        attempts.forEach { $0.leave() }
        attempts = []
        waiting = []
        securing = nil
        dialer.ended(self)
    }

    private func schedule(in time: TimeAmount, _ action: @escaping (Dial) -> Void) -> Scheduled<Void> {
        dialer.eventLoop.assumeIsolated().scheduleTask(in: time) { action(self) }
    }
}
