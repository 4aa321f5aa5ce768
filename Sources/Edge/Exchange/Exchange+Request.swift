import Gate
import NIOCore
import Wire

/// Taking in a request.
extension Exchange {
    /// Takes what is needed out of a head, whose parse is in the loop's `requestHead`, and asks the gate.
    func begin(_ head: RawSpan) {
        loop.requestHeadOwner = serial
        head.withUnsafeBytes { held.append(contentsOf: $0) }
        copyFacts(headLength: head.byteCount)
        isGRPC =
            loop.requestHead.value(of: .contentType)
            .map { head.extracting($0.range).startsFolded(with: "application/grpc") } ?? false
        dropsCookies = isAPI(head)
        namesHosts = asksForWarehouses(head)
        isUpgrade = loop.requestHead.asksForWebSocket(in: head)
        machine = RequestMachine(asker: asker(head), foreignBearers: .refuse)
        guard let workspace = loop.shared.hosts.workspace(of: head.extracting(loop.requestHead.authority.range)) else {
            return refuse(.unknownHost(hostName(in: head), isShared: client?.isHTTP2 == true))
        }
        self.workspace = workspace
        guard !loop.shared.memory.isShort else { return refuse(.overloaded(.memory)) }
        if case .length(let length) = framing, !loop.requestHead.isLakegates, isBeyondLimit(length) {
            return bodyIsTooLarge()
        }
        awaitsInvitation = loop.requestHead.expectsContinue
        decide(head)
    }

    private func copyFacts(headLength: Int) {
        self.headLength = headLength
        method = loop.requestHead.method
        methodName = loop.requestHead.methodSlice
        path = loop.requestHead.path
        framing = loop.requestHead.framing
        requestIsComplete = framing == .none || framing == .length(0)
    }

    /// Takes a piece of the body, without its framing.
    func receive(_ piece: RawSpan) {
        guard piece.byteCount > 0, !isAnswered else { return }
        heardAt = now
        awaitsInvitation = false
        bytesIn += UInt64(piece.byteCount)
        if outcome != .served, isBeyondLimit(bytesIn) {
            return bodyIsTooLarge()
        }
        hold(piece)
        if awaitsBody { return held.count - headLength > loop.shared.limits.heldBody ? bodySeen() : () }
        guard bodyIsHeld || outcome != .served else { return pageBodyIsTooLarge() }
        upstream?.send(piece)
    }

    /// The request is whole.
    func requestEnded(trailers: RawSpan = RawSpan()) {
        guard !requestIsComplete else { return }
        requestIsComplete = true
        guard !isAnswered else { return }
        if awaitsBody {
            bodySeen()
        } else if outcome == .served {
            respondLocally()
        } else {
            upstream?.endRequest(trailers: trailers)
        }
    }

    /// A body that turns out to be malformed: nobody may take what came so far for all of it.
    func bodyIsMalformed(_ explanation: String) {
        refuseBody(.malformed(status: 400, explanation: explanation))
    }

    /// More than Lakegate takes for a page of its own.
    func pageBodyIsTooLarge() {
        refuse(.bodyTooLarge(limit: loop.shared.limits.heldBody, setting: nil))
    }

    private func bodyIsTooLarge() {
        refuseBody(.bodyTooLarge(limit: loop.shared.limits.body ?? 0, setting: "limits.body"))
    }

    /// The longest name that the DNS has is 253 characters long; the head was found to hold nothing but those of names.
    private func hostName(in head: RawSpan) -> String {
        String(head.extracting(loop.requestHead.authority.range).text.prefix(260))
    }

    private func isBeyondLimit(_ length: UInt64) -> Bool {
        loop.shared.limits.body.map { length > UInt64($0) } ?? false
    }

    private func refuseBody(_ refusal: Refusal) {
        switch answer {
        case .none: refuse(refusal)
        case .judging, .replacing, .begun: giveUp(.malformed)
        case .complete: break
        }
    }

    private func hold(_ piece: RawSpan) {
        guard bodyIsHeld else { return }
        if awaitsBody || held.count - headLength + piece.byteCount <= loop.shared.limits.heldBody {
            piece.withUnsafeBytes { held.append(contentsOf: $0) }
        } else {
            bodyIsHeld = false
            // A copy, for an array that is cut keeps its memory, and this body may take long.
            held = Array(held.prefix(headLength))
        }
    }
}
