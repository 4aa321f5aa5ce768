import Gate
import NIOCore
import OAuth
import Wire

/// The way of an answer to its client.
extension Exchange {
    /// An interim answer: passed on as it is.
    func informed(_ head: RawSpan) {
        heardAt = now
        awaitsInvitation = false
        client?.sendInterim(head)
    }

    /// The head of the answer is in `loop.responseHead`, its bytes in `head`.
    func answered(_ head: RawSpan) {
        answeredAt = now
        heardAt = now
        status = loop.responseHead.status
        perform(machine.answered(judgement(head), replayability), answer: head)
    }

    /// The workspace grants the WebSocket. `false` if the exchange is over.
    func switched(_ head: RawSpan) -> Bool {
        guard client != nil, case .none = answer else { return false }
        answeredAt = now
        heardAt = now
        status = loop.responseHead.status
        answer = .begun
        upstream = nil
        // A tunnel lasts; each is a client connection, and those are counted.
        leavePlace()
        return true
    }

    func answerContinues(_ piece: RawSpan) {
        heardAt = now
        switch answer {
        case .judging(let head, var body):
            answer = .none
            piece.withUnsafeBytes { body.append(contentsOf: $0) }
            let isEnough = body.count >= loop.shared.limits.judgedBody
            answer = .judging(head: head, body: body)
            if isEnough { settle() }
        case .begun: emit(piece)
        case .none, .complete: break
        }
    }

    func answerEnded(trailers: RawSpan = RawSpan()) {
        upstream = nil
        if case .judging = answer { settle() }
        guard case .begun = answer else { return }
        answer = .complete
        loop.upstreams[workspace].sharing.answered(bytesOut, at: now.uptimeNanoseconds)
        client?.endAnswer(trailers: trailers)
        record()
    }

    /// The client takes no more: nor is more taken from the workspace.
    func clientIsFull() {
        upstream?.pauseAnswer()
        stalledSince = stalledSince ?? now
    }

    func clientTakesMore() {
        stalledSince = nil
        upstream?.resumeAnswer()
    }

    // MARK: Judging

    private func judgement(_ head: RawSpan) -> TokenJudgement {
        let status = loop.responseHead.status
        guard RejectedTokenClassifier.couldBeRejection(status: status) else { return .accepted }
        let reason = loop.responseHead.value(of: .xDatabricksReasonPhrase).map { head.extracting($0.range).text }
        switch RejectedTokenClassifier.classify(status: status, reasonPhrase: reason, bodyPrefix: []) {
        case .rejected: return .rejected
        case .other: return loop.responseHead.framing == .none ? .accepted : .uncertain
        }
    }

    private func settle() {
        guard case .judging(let head, let body) = answer else { return }
        answer = .none
        let judged = RejectedTokenClassifier.classify(status: status, reasonPhrase: nil, bodyPrefix: body)
        let bytes = head.span.bytes
        _ = loop.responseHead.parse(bytes, limits: loop.shared.headLimits, requestMethod: method)
        let action = machine.answered(judged == .rejected ? .rejected : .accepted, replayability)
        perform(action, answer: bytes)
        if case .begun = answer, !body.isEmpty { emit(body.span.bytes) }
    }

    func holdBack(_ head: RawSpan) {
        answer = .judging(head: head.withUnsafeBytes { Array($0) }, body: [])
    }

    // MARK: Bytes

    func pass(_ head: RawSpan) {
        answer = .begun
        guard endsSoon, let session else { return client?.sendHead(head) ?? () }
        loop.answering.sessionEnds = Array(HTTPDate.text(session.endsAt).utf8)
        client?.sendHead(head)
        loop.answering.sessionEnds = []
    }

    private func emit(_ piece: RawSpan) {
        bytesOut += UInt64(piece.byteCount)
        client?.sendBody(piece)
    }
}
