import Gate
import NIOCore

/// Time limits of one exchange.
extension Exchange {
    /// Called about once a second.
    func checkTimes(at now: NIODeadline) {
        let owesBody = owesBody
        let isDawdling = owesBody && dawdles(at: now)
        if !owesBody { uploadPace.rest(at: now.uptimeNanoseconds) }
        guard !isWaiting, !isAnswered else { return }
        if let session, loop.sessions.hasEnded(session.id) { return sessionIsOver() }
        if stalledSince != nil {
            if takesTooSlowly(at: now) { giveUp(.clientGone) }
            return
        }
        downloadPace.rest(at: now.uptimeNanoseconds)
        if isDawdling {
            clientIsTooSlow(.pace(bytesPerSecond: loop.shared.times.upload.bytesPerSecond))
        } else if owesBody, isOver(loop.shared.times.clientStall, since: heardAt, now) {
            clientIsTooSlow(.silence(seconds: Int(loop.shared.times.clientStall.components.seconds)))
        } else if upstream != nil, let silence, isOver(silence, since: heardAt, now) {
            silenceReached()
        }
    }

    /// As with a WebSocket, what is under way ends with its session.
    private func sessionIsOver() {
        guard case .begun = answer else { return refuse(.sessionEnded) }
        outcomeName = Refusal.sessionEnded.name
        giveUp(.unauthenticated)
    }

    /// Whether the client, for which bytes wait, takes none or too few of them.
    func takesTooSlowly(at now: NIODeadline) -> Bool {
        let times = loop.shared.times
        guard let taken = client?.bytesTaken else {
            stalledSince = now
            downloadPace.rest(at: now.uptimeNanoseconds)
            return false
        }
        if taken != takenBefore {
            takenBefore = taken
            stalledSince = now
        }
        let isTooSlow = downloadPace.isTooSlow(taken, at: now.uptimeNanoseconds, times.download)
        return isTooSlow || isOver(times.clientStall, since: stalledSince ?? now, now)
    }

    /// A client that is not read from, because its workspace takes no more, owes nothing, nor does one that waits to be
    /// asked. The streams of gRPC may be silent.
    private var owesBody: Bool {
        !requestIsComplete && !isWaiting && !isAnswered && !isGRPC && !awaitsInvitation
            && upstream?.isWritable != false
    }

    private func dawdles(at now: NIODeadline) -> Bool {
        uploadPace.isTooSlow(bytesIn, at: now.uptimeNanoseconds, loop.shared.times.upload)
    }

    private var silence: Duration? {
        SilenceRule(ordinary: loop.shared.times.upstreamSilence).limit(for: isGRPC ? .gRPC : .ordinary)
    }

    private func clientIsTooSlow(_ lateness: Lateness) {
        hasAnswer ? giveUp(.clientGone) : refuse(.clientTooSlow(lateness))
    }

    private func silenceReached() {
        upstream?.abandon()
        upstreamFailed(.silent, because: .closed)
    }

    private func isOver(_ limit: Duration, since start: NIODeadline, _ now: NIODeadline) -> Bool {
        now - start > TimeAmount(limit)
    }
}
