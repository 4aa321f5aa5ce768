import Gate
import NIOCore

/// Time limits. One sweep a second over all connections costs less than a timer for each.
extension ClientConnection: LoopConnection {
    func checkTimes(at now: NIODeadline) {
        let times = loop.shared.times
        switch phase {
        case .reading: checkReading(at: now)
        case .exchanging: exchange?.checkTimes(at: now)
        case .lingering:
            if isOver(times.lingering, since: lastHeard, now) { close() }
        case .closed:
            // Said goodbye and never taken note of.
            if isOver(times.clientStall, since: lastHeard, now) { tls?.abort() }
        }
    }

    private func checkReading(at now: NIODeadline) {
        let limit = loop.shared.times.head
        if let headBeganAt {
            guard isOver(limit, since: headBeganAt, now) else { return }
            startExchange().refuse(.clientTooSlow(.head(seconds: Int(limit.components.seconds))))
        } else if isOver(idleLimit, since: lastHeard, now) {
            close()
        }
    }

    /// HTTP/1.1 has no way to end an idle connection without a request being lost that is on its way at that moment
    /// (RFC 9112, section 9.6). So who asked a moment ago is left to ask again, for the answer that says it is the last.
    private var idleLimit: Duration {
        let times = loop.shared.times
        return loop.isDraining && input.isEmpty ? min(times.clientIdle, times.leavingIdle) : times.clientIdle
    }

    /// The next answer says that it is the last. Who has been silent for long is not waited for.
    func drain() {
        if case .reading = phase { checkReading(at: now) }
    }

    func dismiss() {
        if case .reading = phase, input.isEmpty { close() }
    }

    func abort() {
        if let exchange {
            exchange.giveUp(.unavailable)
        } else {
            cutOff()
        }
    }

    private func isOver(_ limit: Duration, since start: NIODeadline, _ now: NIODeadline) -> Bool {
        now - start > TimeAmount(limit)
    }
}
