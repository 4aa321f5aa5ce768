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
        defer { due() }
        guard !answerHasEnded else { return }
        answerHasEnded = true
        guard trailers.byteCount > 0 else { return stream.end() }
        loop.fields.reset()
        Trailers.forEach(in: trailers) { loop.fields.add(name: $0, value: $1) }
        stream.end(trailers: loop.fields)
    }

    /// An HTTP/2 request does not ask by Upgrade (RFC 9113, section 8.6).
    func leaveForTunnel(_ head: RawSpan) -> TunnelEntrance? { nil }

    func sendOwn(_ answer: LocalResponse) {
        answerHasEnded = true
        loop.fields.reset()
        loop.fields.add(name: ":status", number: answer.status)
        for field in OwnAnswer.fields(of: answer, for: exchange, loop) {
            let (name, value) = (Array(field.name.utf8), Array(field.value.utf8))
            loop.fields.add(name: name.span.bytes, value: value.span.bytes)
        }
        let hasBody = !answer.body.isEmpty && exchange?.method != .head
        stream.submitHead(loop.fields, endsStream: !hasBody)
        if hasBody {
            stream.send(answer.body.span.bytes)
            stream.end()
        }
        due()
    }

    func cutOff() {
        stream.reset(.internalError)
        due()
    }

    private func tellFields(of head: RawSpan) {
        loop.fields.reset()
        loop.fields.add(name: ":status", number: loop.responseHead.status)
        loop.responseHead.forEachForwardedField(from: head, without: loop.answering.removedCookies) {
            loop.fields.add(name: $0, value: $1)
        }
    }
}
