import Gate
import NIOCore

/// Time limits. One sweep a second over all connections costs less than a timer for each.
extension ClientConnection: LoopConnection {
    func checkTimes(at now: NIODeadline) {
        let times = loop.shared.times
        switch phase {
        case .reading:
            if let headBeganAt {
                if isOver(times.head, since: headBeganAt, now) { startExchange().refuse(.clientTooSlow) }
            } else if isOver(times.clientIdle, since: lastHeard, now) {
                close()
            }
        case .exchanging: exchange?.checkTimes(at: now)
        case .lingering:
            if isOver(times.lingering, since: lastHeard, now) { close() }
        case .closed:
            // Said goodbye and never taken note of.
            if isOver(times.clientStall, since: lastHeard, now) { tls?.abort() }
        }
    }

    /// The next answer says that it is the last. An idle connection is left alone until then: HTTP/1.1 has no way to end
    /// one without a request being lost that is on its way at that moment (RFC 9112, section 9.6).
    func drain() {}

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
