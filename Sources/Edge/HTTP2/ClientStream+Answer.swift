import Gate
import HTTP2
import NIOCore
import Wire

/// The way of an answer to the client.
extension ClientStream: ClientSide {
    var isWritable: Bool { stream.isWritable }
    var isHTTP2: Bool { true }

    /// While it is the socket that takes no more, the connection is judged and not each of its streams.
    var bytesTaken: UInt64? {
        guard connection.link?.isWritable == true, let exchange else { return nil }
        return exchange.bytesOut &- UInt64(stream.outboxCount)
    }

    func pauseRequest() {
        holdBack()
    }

    func resumeRequest() {
        goOn()
    }

    func invite() {
        loop.fields.reset()
        loop.fields.add(name: ":status", number: 100)
        stream.submitInterim(loop.fields)
        due()
    }

    func sendInterim(_ head: RawSpan) {
        tellFields(of: head)
        stream.submitInterim(loop.fields)
        due()
    }

    func sendHead(_ head: RawSpan) {
        tellFields(of: head)
        let isWhole = exchange?.isHeadOnly == true || loop.responseHead.framing.isEmpty
        answerHasEnded = isWhole
        stream.submitHead(loop.fields, endsStream: isWhole)
        due()
    }

    func sendBody(_ piece: RawSpan) {
        stream.send(piece)
        due()
    }

    func endAnswer(trailers: RawSpan) {
        loop.fields.reset()
        Trailers.forEach(in: trailers) { loop.fields.add(name: $0, value: $1) }
        end(hasTrailers: trailers.byteCount > 0)
    }

    /// The trailers are in the loop's `fields`.
    private func end(hasTrailers: Bool) {
        defer { due() }
        guard !answerHasEnded else { return }
        answerHasEnded = true
        if hasTrailers { stream.end(trailers: loop.fields) } else { stream.end() }
    }

    /// An HTTP/2 request does not ask by Upgrade (RFC 9113, section 8.6).
    func leaveForTunnel(_ head: RawSpan) -> TunnelEntrance? { nil }

    func sendOwn(_ answer: LocalResponse) {
        answerHasEnded = true
        loop.fields.reset()
        loop.fields.add(name: ":status", number: answer.status)
        for (name, value) in OwnAnswer.fields(of: answer, for: exchange, loop) { add(name, value) }
        let hasBody = !answer.body.isEmpty && exchange?.method != .head
        stream.submitHead(loop.fields, endsStream: !hasBody)
        if hasBody {
            stream.send(answer.body.span.bytes)
            stream.end()
        }
        due()
    }

    func cutOff() {
        guard let exchange, exchange.isGRPC, exchange.outcome == .upstreamFailed, !answerHasEnded else {
            stream.reset(.internalError)
            return due()
        }
        loop.fields.reset()
        for (name, value) in GRPCAnswer.brokenOff { add(name, value) }
        end(hasTrailers: true)
    }

    private func add(_ name: String, _ value: String) {
        let (name, value) = (Array(name.utf8), Array(value.utf8))
        loop.fields.add(name: name.span.bytes, value: value.span.bytes)
    }

    private func tellFields(of head: RawSpan) {
        loop.fields.reset()
        loop.fields.add(name: ":status", number: loop.responseHead.status)
        loop.responseHead.forEachForwardedField(from: head, as: loop.answering) {
            loop.fields.add(name: $0, value: $1)
        }
        if let rest = loop.responseHead.ownLocation(in: head, loop.answering) {
            let location = loop.answering.ownOrigin + Array(head.extracting(rest).text.utf8)
            loop.fields.add(name: "location", value: location.span.bytes)
        }
        guard !loop.answering.sessionEnds.isEmpty else { return }
        let sessionEnds = loop.answering.sessionEnds
        loop.fields.add(name: "lakegate-session-ends", value: sessionEnds.span.bytes)
    }
}
