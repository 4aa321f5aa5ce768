import Gate
import NIOCore

/// Time limits of one exchange.
extension Exchange {
    /// Called about once a second.
    func checkTimes(at now: NIODeadline) {
        guard !isWaiting, !isAnswered else { return }
        let times = loop.shared.times
        if let stalledSince {
            if isOver(times.clientStall, since: stalledSince, now) { giveUp(.clientGone) }
        } else if owesBody, isOver(times.clientStall, since: heardAt, now) {
            clientIsTooSlow()
        } else if upstream != nil, isOver(times.upstreamSilence, since: heardAt, now) {
            silenceReached()
        }
    }

    /// A client that is not read from, because its workspace takes no more, owes nothing.
    private var owesBody: Bool {
        !requestIsComplete && upstream?.isWritable != false
    }

    private func clientIsTooSlow() {
        hasAnswer ? giveUp(.clientGone) : refuse(.clientTooSlow)
    }

    private func silenceReached() {
        upstream?.abandon()
        upstreamFailed(.silent, because: .closed)
    }

    private func isOver(_ limit: Duration, since start: NIODeadline, _ now: NIODeadline) -> Bool {
        now - start > TimeAmount(limit)
    }
}
