import NIOCore

/// How many requests are under way to the workspace, and who waits for one of them to end.
extension Upstreams {
    /// `false` when there is no room in the line either.
    func standInLine(_ exchange: Exchange) -> Bool {
        let waiting = WaitingExchange(exchange, exchange.need)
        return inFlight.wait(waiting, at: loop.now.uptimeNanoseconds) { $0.isOver }
    }

    /// Whoever is first in line goes on when the event that freed the place is over.
    func placeFreed() {
        inFlight.leave()
        guard inFlight.isAnyoneWaiting, !isAdvancing else { return }
        isAdvancing = true
        loop.eventLoop.assumeIsolated().execute { self.advance() }
    }

    private func advance() {
        isAdvancing = false
        loop.lookAtClock()
        while let next = inFlight.next() {
            if next.isOver { inFlight.leave() } else { next.exchange.placeFound() }
        }
        loop.settle()
    }

    func refuseOverdue(at now: NIODeadline) {
        let moment = now - TimeAmount(loop.shared.times.queue)
        for overdue in inFlight.takeOverdue(before: moment.uptimeNanoseconds) where !overdue.isOver {
            overdue.exchange.placeDenied()
        }
        loop.settle()
    }
}

extension InFlight {
    /// One loop's share, rounded up: what the loops together allow is a little more rather than less.
    init(_ limits: EdgeLimits, loops: Int) {
        self.init(most: (limits.requests + loops - 1) / loops, waiting: (limits.queue + loops - 1) / loops)
    }
}
