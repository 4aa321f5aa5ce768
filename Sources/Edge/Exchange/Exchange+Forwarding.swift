import Gate
import NIOCore
import TLS
import Wire

/// The way of a request to its workspace.
extension Exchange {
    /// Sends the request on a connection that is there, or waits for one to be made, or for its turn.
    func forward(_ permit: consuming Permit) {
        guard takePlace() else { return standInLine(with: permit) }
        let upstreams = loop.upstreams[workspace]
        if let upstream = upstreams.take(need) {
            send(on: upstream, with: permit)
        } else {
            self.permit = consume permit
            wait()
            upstreams.connect(for: self, need)
        }
    }

    var need: UpstreamNeed {
        if isUpgrade { return .http1 }
        if isGRPC { return .http2 }
        if client?.isHTTP2 == true { return .either }
        return framing == .none || requestIsComplete && bodyIsHeld ? .cheaper : .http1
    }

    /// The connection that the exchange waits for is there. `false` if the exchange has ended meanwhile.
    func upstreamReady(_ upstream: any UpstreamSide) -> Bool {
        guard client != nil, let permit = permit.take() else { return false }
        isWaiting = false
        send(on: upstream, with: permit)
        goOn()
        return true
    }

    /// An attempt is over without a complete answer.
    func upstreamFailed(_ failure: UpstreamFailure, because reason: ClosingReason) {
        upstream = nil
        permit = nil
        isWaiting = false
        guard client != nil else { return }
        switch answer {
        case .begun: return giveUp(.upstreamFailed)
        case .complete: return
        case .none, .judging, .replacing: break
        }
        answer = .none
        loop.shared.report(failure, reason, workspace: workspace)
        perform(machine.failed(failure, replayability))
        goOn()
    }

    /// The workspace takes no more: nor does the client's side, so that what is in between stays small.
    func upstreamIsFull() {
        if !requestIsComplete { client?.pauseRequest() }
    }

    func upstreamTakesMore() {
        if !isWaiting { client?.resumeRequest() }
    }

    /// The loop's parser may have seen other heads since this one.
    func parseHeadAgain() {
        guard headLength > 0, loop.requestHeadOwner != serial else { return }
        let held = held
        _ = loop.parseRequestHead(held.span.bytes)
        loop.requestHeadOwner = serial
    }

    private func send(on upstream: any UpstreamSide, with permit: consuming Permit) {
        self.upstream = upstream
        sentAt = now
        heardAt = now
        parseHeadAgain()
        let held = held
        let bytes = held.span.bytes
        speak(as: permit.identity, bytes.extracting(loop.requestHead.authority.range))
        upstream.begin(self, head: bytes.extracting(0..<headLength))
        if held.count > headLength { upstream.send(bytes.extracting(headLength..<held.count)) }
        if requestIsComplete { upstream.endRequest(trailers: RawSpan()) }
    }

    /// What is said in the client's place.
    private func speak(as identity: Identity, _ authority: RawSpan) {
        loop.forwarding.authorization =
            switch identity {
            case .client: .keep
            case .session: session.map { .set($0.authorization) } ?? .remove
            case .holder: principal.map { .set($0.authorization) } ?? .remove
            }
        loop.forwarding.removedCookies = dropsCookies ? [] : Forwarding.ownCookies
        loop.forwarding.asksForPlainAnswer = namesHosts
        loop.forwarding.azureToken = principal?.azureToken ?? []
        loop.forwarding.azureResourceID = principal?.azureResourceID ?? []
        loop.forwarding.host = loop.shared.upstreamAuthorities[workspace]
        loop.forwarding.forwardedFor = client?.address ?? []
        loop.forwarding.forwardedHost.removeAll(keepingCapacity: true)
        authority.withUnsafeBytes { loop.forwarding.forwardedHost.append(contentsOf: $0) }
        loop.forwarding.requestID = requestID
        loop.forwarding.upgradesToWebSocket = isUpgrade
        loop.forwarding.answersExpect = hasInvited
    }
}
