import Gate
import NIOCore
import TLS
import Wire

/// The way of an answer to the client.
extension ClientConnection: ClientSide {
    var isWritable: Bool { tls?.isWritable ?? false }
    /// What follows a request for a WebSocket that was not granted may not be HTTP.
    private var mayKeepAlive: Bool { keepsAlive && exchange?.isUpgrade != true }
    private var bodyIsRead: Bool { exchange?.body.isComplete ?? true }
    /// What was sent ahead is still answered.
    private var isLeaving: Bool { loop.isDraining && input.isEmpty }
    var isHTTP2: Bool { false }
    var bytesTaken: UInt64? { tls?.bytesTaken }

    func pauseRequest() {
        tls?.pauseReading()
    }

    /// While consuming, the loop that does it goes on by itself.
    func resumeRequest() {
        guard !isConsuming else { return }
        if case .closed = phase { return }
        tls?.resumeReading()
        consumeInput()
    }

    func invite() {
        loop.staging.open(for: tls)
        loop.staging.bytes.append(contentsOf: "HTTP/1.1 100 Continue\r\n\r\n".utf8)
        unsettle()
    }

    /// Passed on to whoever knows what it is (RFC 9110, section 15.2).
    func sendInterim(_ head: RawSpan) {
        guard !isHTTP10 else { return }
        loop.staging.open(for: tls)
        loop.responseHead.writeForwarded(from: head, as: loop.answering, into: &loop.staging.bytes)
        unsettle()
    }

    func sendHead(_ head: RawSpan) {
        answerFrames = AnswerFrames(loop.responseHead.framing.relayed(toHTTP10: isHTTP10))
        let goesOn = mayKeepAlive && bodyIsRead && !inputHasEnded && !isLeaving
        keepsAlive = goesOn && answerFrames != .untilClose
        loop.answering.clientKeepsAlive = keepsAlive
        loop.answering.clientIsHTTP10 = isHTTP10
        loop.staging.open(for: tls)
        loop.responseHead.writeForwarded(from: head, as: loop.answering, into: &loop.staging.bytes)
        unsettle()
    }

    func sendBody(_ piece: RawSpan) {
        loop.staging.add(piece, inChunks: answerFrames == .chunks, for: tls)
        unsettle()
    }

    func endAnswer(trailers: RawSpan) {
        if answerFrames == .chunks {
            loop.staging.open(for: tls)
            ChunkWriting.finish(trailers: trailers, in: &loop.staging.bytes)
        }
        unsettle()
    }

    func leaveForTunnel(_ head: RawSpan) -> TunnelEntrance? {
        guard let tls else { return nil }
        loop.staging.open(for: tls)
        loop.responseHead.writeSwitch(from: head, as: loop.answering, into: &loop.staging.bytes)
        loop.staging.release(for: tls)
        // Bytes behind the request were kept back so far: only the 101 makes them the workspace's.
        let entrance = TunnelEntrance(tls: tls, bytes: input)
        self.tls = nil
        exchange = nil
        phase = .closed
        input = []
        loop.connections.remove(self)
        return entrance
    }

    func sendOwn(_ answer: LocalResponse) {
        keepsAlive = mayKeepAlive && bodyIsRead && !inputHasEnded && !isLeaving
        loop.staging.open(for: tls)
        loop.staging.bytes.append(contentsOf: OwnAnswer.head(of: answer, for: exchange, keepsAlive, loop).utf8)
        if exchange?.method != .head { loop.staging.bytes.append(contentsOf: answer.body) }
        unsettle()
    }

    func cutOff() {
        phase = .closed
        loop.staging.release(for: tls)
        tls?.flush()
        tls?.abort()
    }
}

extension ClientConnection: Unsettled {
    /// Has the loop flush this connection when the event is over.
    private func unsettle() {
        guard !isUnsettled else { return }
        isUnsettled = true
        loop.unsettled.append(self)
    }

    func settle() {
        isUnsettled = false
        loop.staging.release(for: tls)
        tls?.flush()
        guard case .exchanging = phase, let exchange else { return }
        if exchange.isAnswered {
            finishExchange(exchange)
        } else if tls?.isWritable == false {
            exchange.clientIsFull()
        }
    }

    /// The answer is out: the connection turns to the next request, or ends. It goes on if the answer said so, for
    /// the client relies on that.
    private func finishExchange(_ exchange: Exchange) {
        let isWhole = exchange.body.isComplete
        let isLast = !keepsAlive || inputHasEnded
        endExchange()
        guard isWhole, !isLast else { return isWhole ? close() : linger() }
        phase = .reading
        lastHeard = now
        tls?.resumeReading()
        if !input.isEmpty { consumeInput() }
    }
}

/// How the client learns where the answer's body ends.
enum AnswerFrames {
    /// By the length in the head, or there is no body.
    case asItComes
    case chunks
    /// By the end of the connection (HTTP/1.0).
    case untilClose

    init(_ framing: ResponseFraming) {
        switch framing {
        case .none, .length: self = .asItComes
        case .chunked: self = .chunks
        case .untilClose: self = .untilClose
        }
    }
}
