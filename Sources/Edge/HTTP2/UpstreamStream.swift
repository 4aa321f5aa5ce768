import Gate
import HTTP2
import NIOCore
import TLS
import Wire

/// One stream to a workspace, which carries one exchange.
final class UpstreamStream {
    private let connection: HTTP2UpstreamConnection
    private var stream: HTTP2Stream?
    private var exchange: Exchange?
    /// Bytes that the client has not taken yet, and that the workspace may not replace before.
    private var unconsumed = 0
    private var isPaused = false
    private var isFull = false
    /// The final head is here; a block that follows is trailers.
    private var hasHead = false
    private var trailers: [UInt8] = []
    private var isUnsettled = false

    private var loop: EdgeLoop { connection.loop }

    init(on connection: HTTP2UpstreamConnection) {
        self.connection = connection
    }

    private func due() {
        connection.link?.due()
    }

    private func fail(_ failure: UpstreamFailure) {
        guard let exchange else { return }
        self.exchange = nil
        exchange.upstreamFailed(failure, because: .closed)
    }
}

extension UpstreamStream: UpstreamSide {
    var isWritable: Bool { stream?.isWritable ?? true }

    func begin(_ exchange: Exchange, head: RawSpan) {
        self.exchange = exchange
        RequestFields.tell(loop.requestHead, from: head, as: loop.forwarding, in: &loop.fields)
        let hasBody = exchange.framing != .none && exchange.framing != .length(0)
        stream = connection.session.submitRequest(loop.fields, hasBody: hasBody, handler: self)
        connection.begun += 1
        due()
        guard stream == nil else { return }
        isUnsettled = true
        loop.unsettled.append(self)
    }

    func send(_ piece: RawSpan) {
        stream?.send(piece)
        due()
        guard stream?.isWritable == false, !isFull else { return }
        isFull = true
        exchange?.upstreamIsFull()
    }

    func endRequest(trailers: RawSpan) {
        guard let exchange, exchange.framing != .none, exchange.framing != .length(0) else { return }
        if trailers.byteCount > 0 {
            loop.fields.reset()
            Trailers.forEach(in: trailers) { loop.fields.add(name: $0, value: $1) }
            stream?.end(trailers: loop.fields)
        } else {
            stream?.end()
        }
        due()
    }

    func pauseAnswer() {
        isPaused = true
    }

    func resumeAnswer() {
        isPaused = false
        consume()
    }

    func abandon() {
        guard exchange != nil else { return }
        exchange = nil
        stream?.reset(.cancel)
        consume()
        due()
    }

    private func consume() {
        guard unconsumed > 0 else { return }
        stream?.consumed(unconsumed)
        unconsumed = 0
        due()
    }
}

extension UpstreamStream: Unsettled {
    /// The stream that could not be opened is told of when the event that wanted it is over.
    func settle() {
        guard isUnsettled else { return }
        isUnsettled = false
        fail(.unprocessed)
    }
}

extension UpstreamStream: HTTP2StreamHandler {
    func fields(_ stream: HTTP2Stream, _ block: borrowing FieldBlock, endsStream: Bool) {
        guard !hasHead else { return takeTrailers(block) }
        var transcript = loop.responseTranscript.take()
        do throws(HeadError) {
            guard !block.isTooLarge else { throw .headTooLarge }
            block.forEach { transcript.add(name: $0, value: $1) }
            try transcript.finish()
            try headEnded(transcript.bytes, endsStream)
        } catch {
            refuseAnswer()
        }
        loop.responseTranscript.giveBack(&transcript)
    }

    private func takeTrailers(_ block: borrowing FieldBlock) {
        var lines: [UInt8] = []
        block.forEach { Trailers.append(name: $0, value: $1, to: &lines) }
        trailers = lines
    }

    private func headEnded(_ head: [UInt8], _ endsStream: Bool) throws(HeadError) {
        guard let exchange else { return }
        let progress = loop.responseHead.parse(
            head.span.bytes, limits: loop.shared.headLimits, requestMethod: exchange.method)
        guard case .complete(head.count) = progress else { throw .statusLineMalformed }
        if loop.responseHead.isInformational {
            exchange.informed(head.span.bytes)
        } else {
            hasHead = true
            exchange.isHeadOnly = endsStream
            exchange.answered(head.span.bytes)
        }
    }

    private func refuseAnswer() {
        stream?.reset(.protocolError)
        fail(.nonsense)
        due()
    }

    func data(_ stream: HTTP2Stream, _ bytes: RawSpan) {
        unconsumed += bytes.byteCount
        exchange?.answerContinues(bytes)
        if !isPaused || exchange == nil { consume() }
    }

    func inputEnded(_ stream: HTTP2Stream) {
        guard let exchange else { return }
        self.exchange = nil
        let isWhole = exchange.requestIsComplete
        let trailers = trailers
        exchange.answerEnded(trailers: trailers.span.bytes)
        guard !isWhole else { return }
        // The workspace has said all it will; what is left of the request is of no use to it.
        stream.reset(.cancel)
        due()
    }

    func closed(_ stream: HTTP2Stream, error: HTTP2ErrorCode, wasProcessed: Bool) {
        self.stream = nil
        fail(wasProcessed ? .broke : .unprocessed)
        connection.streamEnded()
    }

    func writabilityChanged(_ stream: HTTP2Stream) {
        guard isFull, stream.isWritable else { return }
        isFull = false
        exchange?.upstreamTakesMore()
    }
}
