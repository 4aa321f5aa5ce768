import Gate
import NIOCore

/// Time limits. One sweep a second over all connections costs less than a timer for each.
extension ClientConnection {
    func checkTimes(at now: NIODeadline) {
        let times = loop.shared.times
        switch phase {
        case .reading:
            if let headBeganAt {
                if isOver(times.head, since: headBeganAt, now) { refuseLateHead() }
            } else if isOver(times.clientIdle, since: lastHeard, now) {
                close()
            }
        case .exchanging: checkExchange(at: now, times)
        case .lingering:
            if isOver(times.lingering, since: lastHeard, now) { close() }
        case .closed:
            // Said goodbye and never taken note of.
            if isOver(times.clientStall, since: lastHeard, now) { tls?.abort() }
        }
    }

    /// Idle connections close now, busy ones after their answer.
    func drain() {
        if case .reading = phase, input.isEmpty { close() }
    }

    private func checkExchange(at now: NIODeadline, _ times: EdgeTimes) {
        guard !isWaiting else { return }
        let heard = max(lastHeard, upstreamLastHeard)
        if let stalledSince {
            if isOver(times.clientStall, since: stalledSince, now) { giveUp(.clientGone) }
        } else if owesBody, isOver(times.clientStall, since: heard, now) {
            exchange.keepsAlive = false
            hasAnswer ? giveUp(.clientGone) : refuse(.clientTooSlow)
        } else if exchange.upstream != nil, isOver(times.upstreamSilence, since: heard, now) {
            silenceReached()
        }
    }

    /// A client that is not read from, because its workspace takes no more, owes nothing.
    private var owesBody: Bool {
        !exchange.body.isComplete && exchange.upstream?.isWritable != false
    }

    private func silenceReached() {
        exchange.upstream?.abandon()
        upstreamFailed(.silent, because: .closed)
    }

    private func refuseLateHead() {
        startExchange()
        refuse(.clientTooSlow)
    }

    private func isOver(_ limit: Duration, since start: NIODeadline, _ now: NIODeadline) -> Bool {
        now - start > TimeAmount(limit)
    }
}
