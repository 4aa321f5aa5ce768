import Gate
import NIOCore

/// A request's place among those to its workspace: from the moment it may be sent until it is over, retries included.
extension Exchange {
    /// Whether the request may be sent.
    func takePlace() -> Bool {
        if !hasPlace { hasPlace = loop.upstreams[workspace].inFlight.enter() }
        return hasPlace
    }

    func standInLine(with permit: consuming Permit) {
        guard loop.upstreams[workspace].standInLine(self) else {
            let limits = loop.shared.limits
            return refuse(.overloaded(.queue(requests: limits.requests, waiting: limits.queue)))
        }
        self.permit = consume permit
        wait()
    }

    func placeFound() {
        hasPlace = true
        isWaiting = false
        guard let permit = permit.take() else { return }
        forward(permit)
        goOn()
    }

    func placeDenied() {
        permit = nil
        isWaiting = false
        let seconds = Int(loop.shared.times.queue.components.seconds)
        refuse(.overloaded(.queueTime(requests: loop.shared.limits.requests, seconds: seconds)))
        goOn()
    }

    func leavePlace() {
        guard hasPlace else { return }
        hasPlace = false
        loop.upstreams[workspace].placeFreed()
    }
}
