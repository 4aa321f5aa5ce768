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
        prepareAnswer()
        client?.sendInterim(head)
        forgetAnswer()
    }

    /// The head of the answer is in `loop.responseHead`, its bytes in `head`.
    func answered(_ head: RawSpan) {
        answeredAt = now
        heardAt = now
        status = loop.responseHead.status
        perform(machine.answered(believed(judgement(head)), replayability), answer: head)
    }

    /// The workspace grants the WebSocket. `false` if the exchange is over.
    func switched(_ head: RawSpan) -> Bool {
        guard client != nil, case .none = answer else { return false }
        answeredAt = now
        heardAt = now
        status = loop.responseHead.status
        prepareAnswer()
        answer = .begun
        upstream = nil
        // A tunnel lasts; each is a client connection, and those are counted.
        leavePlace()
        return true
    }

    /// A token that only just took the place of another rejected one is not replaced again: the answer passes.
    private func believed(_ judgement: TokenJudgement) -> TokenJudgement {
        guard judgement == .rejected, machine.identity == .session, let session else { return judgement }
        return session.mayReplaceToken(at: loop.shared.clock.now()) ? .rejected : .accepted
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
        case .replacing, .begun: emit(piece)
        case .none, .complete: break
        }
    }

    func answerEnded(trailers: RawSpan = RawSpan()) {
        upstream = nil
        if case .judging = answer { settle() }
        if case .replacing(let head, let body) = answer {
            answer = .begun
            sendWithOwnHosts(head, body)
        }
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
        let action = machine.answered(judged == .rejected ? believed(.rejected) : .accepted, replayability)
        perform(action, answer: bytes)
        switch answer {
        case .begun, .replacing: if !body.isEmpty { emit(body.span.bytes) }
        case .none, .judging, .complete: break
        }
    }

    func holdBack(_ head: RawSpan) {
        answer = .judging(head: head.withUnsafeBytes { Array($0) }, body: [])
    }

    // MARK: Bytes

    func pass(_ head: RawSpan) {
        guard !replacesHosts() else {
            answer = .replacing(head: head.withUnsafeBytes { Array($0) }, body: [])
            return
        }
        answer = .begun
        sendHead(head)
    }

    func sendHead(_ head: RawSpan) {
        prepareAnswer()
        if endsSoon, let session { loop.answering.sessionEnds = Array(HTTPDate.text(session.endsAt).utf8) }
        client?.sendHead(head)
        loop.answering.sessionEnds = []
        forgetAnswer()
    }

    func emit(_ piece: RawSpan) {
        if case .replacing(let head, let body) = answer { return hold(piece, behind: body, head) }
        bytesOut += UInt64(piece.byteCount)
        client?.sendBody(piece)
    }

    /// More than is held goes on unchanged.
    private func hold(_ piece: RawSpan, behind held: [UInt8], _ head: [UInt8]) {
        answer = .none
        var body = held
        piece.withUnsafeBytes { body.append(contentsOf: $0) }
        guard body.count > Self.mostReplaced else { return answer = .replacing(head: head, body: body) }
        answer = .begun
        let bytes = head.span.bytes
        _ = loop.responseHead.parse(bytes, limits: loop.shared.headLimits, requestMethod: method)
        sendHead(bytes)
        emit(body.span.bytes)
    }
}
