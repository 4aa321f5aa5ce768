import HTTP2
import NIOCore

/// Time limits of a client's HTTP/2 connection, and of what is on it.
extension HTTP2ClientConnection {
    struct Times {
        var heardAt: NIODeadline
        /// Since when no stream is open. What else is said does not keep a connection.
        var idleSince: NIODeadline
        /// When a PING was sent since which nothing was heard.
        var pingedAt: NIODeadline?
        /// The header block that is not complete yet. Nothing else can be said on the connection meanwhile.
        var block: (stream: ObjectIdentifier, since: NIODeadline)?
        /// Since when the socket takes nothing of what waits for it; `nil` while nothing waits.
        var stalledSince: NIODeadline?
        var takenBefore: UInt64 = 0
        var pace = Pace()

        init(at now: NIODeadline) {
            heardAt = now
            idleSince = now
        }
    }

    func blockBegan(on stream: ClientStream) {
        times.block = (ObjectIdentifier(stream), loop.now)
    }

    func blockEnded(on stream: ClientStream) {
        if times.block?.stream == ObjectIdentifier(stream) { times.block = nil }
    }

    func checkTimes(at now: NIODeadline) {
        let limits = loop.shared.times
        if let block = times.block, isOver(limits.head, since: block.since, now) { return goAway(.enhanceYourCalm) }
        if let announcedAt, now - announcedAt > HTTP2ClientConnection.announcement { leave() }
        if takesTooSlowly(at: now) { return link?.abort() ?? () }
        guard streams.isEmpty else {
            for stream in streams.values { stream.checkTimes(at: now) }
            return checkLife(at: now)
        }
        if isOver(limits.clientIdle, since: times.idleSince, now) { leave() }
    }

    /// gRPC may be silent for as long as it likes: only a PING tells whether its client is still there.
    private func checkLife(at now: NIODeadline) {
        let limits = loop.shared.times
        if let pingedAt = times.pingedAt {
            if isOver(limits.pingAnswer, since: pingedAt, now) { link?.abort() }
        } else if isOver(limits.pingAfter, since: times.heardAt, now), carriesGRPC {
            times.pingedAt = now
            session?.ping()
            link?.due()
        }
    }

    private var carriesGRPC: Bool {
        streams.values.contains { $0.exchange?.isGRPC == true }
    }

    private func takesTooSlowly(at now: NIODeadline) -> Bool {
        guard let link, !link.isWritable else {
            times.stalledSince = nil
            times.pace.rest(at: now.uptimeNanoseconds)
            return false
        }
        let (taken, limits) = (link.bytesTaken, loop.shared.times)
        if taken != times.takenBefore || times.stalledSince == nil {
            times.takenBefore = taken
            times.stalledSince = now
        }
        let isTooSlow = times.pace.isTooSlow(taken, at: now.uptimeNanoseconds, limits.download)
        return isTooSlow || isOver(limits.clientStall, since: times.stalledSince ?? now, now)
    }

    private func isOver(_ limit: Duration, since start: NIODeadline, _ now: NIODeadline) -> Bool {
        now - start > TimeAmount(limit)
    }
}
