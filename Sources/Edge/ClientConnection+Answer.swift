import Gate
import NIOCore
import OAuth
import Wire

/// The way of an answer to its client.
extension ClientConnection {
    var hasAnswer: Bool {
        if case .none = exchange.answer { false } else { true }
    }

    var requestIsComplete: Bool { exchange.body.isComplete }

    func upstreamSpoke() {
        upstreamLastHeard = now
    }

    /// An interim answer: passed on to whoever knows what it is (RFC 9110, section 15.2).
    func informed(_ head: RawSpan) {
        guard !exchange.isHTTP10 else { return }
        loop.responseHead.writeForwarded(
            from: head, as: loop.answering, into: &loop.answerStaging.bytes)
    }

    /// The head of the answer is in `loop.responseHead`, its bytes in `head`.
    func answered(_ head: RawSpan) {
        exchange.answeredAt = now
        exchange.status = loop.responseHead.status
        perform(exchange.machine.answered(judgement(head), exchange.replayability), answer: head)
    }

    func answerContinues(_ piece: RawSpan) {
        switch exchange.answer {
        case .judging(let head, var body):
            exchange.answer = .none
            piece.withUnsafeBytes { body.append(contentsOf: $0) }
            let isEnough = body.count >= loop.shared.limits.judgedBody
            exchange.answer = .judging(head: head, body: body)
            if isEnough { settle() }
        case .begun: emit(piece)
        case .none, .complete: break
        }
    }

    func answerEnded() {
        exchange.upstream = nil
        if case .judging = exchange.answer { settle() }
        guard case .begun = exchange.answer else { return }
        if exchange.answerFrames == .chunks { ChunkWriting.finish(in: &loop.answerStaging.bytes) }
        exchange.answer = .complete
        releaseAnswer()
        record()
    }

    /// Turns what is staged into TLS records for the client.
    func releaseAnswer() {
        loop.answerStaging.release(to: tls)
    }

    func flushAnswer() {
        tls?.flush()
        if case .complete = exchange.answer {
            finishExchange()
        } else if tls?.isWritable == false {
            exchange.upstream?.pauseReading()
            stalledSince = stalledSince ?? now
        }
    }

    /// The answer is out: the connection turns to the next request, or ends.
    func finishExchange() {
        guard case .exchanging = phase else { return }
        let isWhole = exchange.body.isComplete
        let isLast = !exchange.keepsAlive || inputHasEnded || loop.isDraining && input.isEmpty
        recycle()
        guard isWhole, !isLast else { return isWhole ? close() : linger() }
        phase = .reading
        lastHeard = now
        if isConsuming { return }
        tls?.resumeReading()
        if !input.isEmpty { goOn() }
    }

    func recycle() {
        loop.giveBack(&exchange.held)
        exchange.session = nil
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
        guard case .judging(let head, let body) = exchange.answer else { return }
        exchange.answer = .none
        let judged = RejectedTokenClassifier.classify(status: exchange.status, reasonPhrase: nil, bodyPrefix: body)
        let bytes = head.span.bytes
        _ = loop.responseHead.parse(bytes, limits: loop.shared.headLimits, requestMethod: exchange.method)
        let action = exchange.machine.answered(judged == .rejected ? .rejected : .accepted, exchange.replayability)
        perform(action, answer: bytes)
        if case .begun = exchange.answer, !body.isEmpty { emit(body.span.bytes) }
    }

    func holdBack(_ head: RawSpan) {
        exchange.answer = .judging(head: head.withUnsafeBytes { Array($0) }, body: [])
    }

    // MARK: Bytes

    func pass(_ head: RawSpan) {
        exchange.answer = .begun
        exchange.answerFrames = AnswerFrames(loop.responseHead.framing.relayed(toHTTP10: exchange.isHTTP10))
        let goesOn = exchange.keepsAlive && exchange.body.isComplete && !inputHasEnded && !loop.isDraining
        exchange.keepsAlive = goesOn && exchange.answerFrames != .untilClose
        loop.answering.clientKeepsAlive = exchange.keepsAlive
        loop.answering.clientIsHTTP10 = exchange.isHTTP10
        loop.responseHead.writeForwarded(from: head, as: loop.answering, into: &loop.answerStaging.bytes)
    }

    private func emit(_ piece: RawSpan) {
        exchange.bytesOut += UInt64(piece.byteCount)
        loop.answerStaging.add(piece, inChunks: exchange.answerFrames == .chunks, for: tls)
    }
}
