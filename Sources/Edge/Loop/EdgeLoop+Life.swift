import NIOCore
import Sessions
import TLS

/// Connections come, time passes, the process ends.
extension EdgeLoop {
    func adopt(_ channel: any Channel) throws {
        let address = channel.remoteAddress?.ipAddress ?? ""
        let arrival = Arrival(loop: self, address: Array(address.utf8))
        let tls = TLSConnection.server(context: shared.identity.current, loop: tlsLoop, application: arrival)
        try channel.pipeline.syncOperations.addHandler(tls, name: "tls")
        arrival.tls = tls
        connections.add(arrival)
        shared.metrics.opened(.client)
    }

    func startSweeping() {
        eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) {
            self.sweep()
            self.startSweeping()
        }
    }

    private func sweep() {
        lookAtClock()
        for client in connections.all { client.checkTimes(at: now) }
        settle()
        for upstreams in upstreams { upstreams.checkTimes(at: now) }
        shared.metrics.sessionsCached(changedBy: sessions.count - reportedSessions)
        reportedSessions = sessions.count
    }

    func sessionEnded(_ id: SessionID) {
        sessions.remove(id)
        for tunnel in Array(tunnels.values) where tunnel.session == id { tunnel.end(.policyViolation) }
    }

    func drain() {
        lookAtClock()
        isDraining = true
        for client in connections.all { client.drain() }
        settle()
    }

    /// Closes what is idle.
    func dismiss() {
        lookAtClock()
        for client in connections.all { client.dismiss() }
        settle()
    }

    /// Closes whatever is still open.
    func abort() {
        isDraining = true
        for client in connections.all { client.abort() }
        for upstreams in upstreams { upstreams.close() }
        log.flush()
    }
}
