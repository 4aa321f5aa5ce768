import HTTP2

func brokenServerRule(_ bytes: [UInt8]) -> String? {
    let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    return brokenSession(bytes.starts(with: preface.prefix(3)) ? bytes : preface + bytes, .server)
}

func brokenClientRule(_ bytes: [UInt8]) -> String? {
    brokenSession(bytes, .client)
}

/// What came of reading some bytes.
private struct Conversation {
    var notes: [String]
    /// The rule that was broken.
    var fault: String?
    /// The connection is of no more use.
    var hasFailed = false

    /// Nobody broke the protocol, and nobody left. Of anything else nghttp2 may see more or less, as it is chopped: it
    /// reads no further when all is over, and hands out the part of a body that comes before the excess.
    var isPeaceful: Bool {
        !hasFailed
            && notes.allSatisfy { $0 != "go away" && (!$0.hasPrefix("closed ") || $0.hasPrefix("closed 0 ")) }
    }
}

private func brokenSession(_ bytes: [UInt8], _ side: HTTP2Session.Side) -> String? {
    let whole = converse(bytes, [0..<bytes.count], side, answersAtOnce: false)
    if let fault = whole.fault { return fault }
    for pieces in choppings(of: bytes) {
        let other = converse(bytes, pieces, side, answersAtOnce: false)
        if let fault = other.fault ?? converse(bytes, pieces, side, answersAtOnce: true).fault { return fault }
        // nghttp2 counts a CONTINUATION frame again for each piece in which its header comes, and fails at the ninth.
        guard !whole.isPeaceful || other.hasFailed || other.notes == whole.notes else {
            return "pieces are like the whole"
        }
    }
    return nil
}

/// Has a session read the bytes and lets it say what it wants, either at once or in the end.
private func converse(
    _ bytes: [UInt8], _ pieces: [Range<Int>], _ side: HTTP2Session.Side, answersAtOnce: Bool
) -> Conversation {
    let session = HTTP2Session(side: side, settings: HTTP2Settings())
    let witness = SessionWitness(isServer: side == .server)
    session.delegate = witness
    var output: [UInt8] = []
    if side == .client {
        ask(session, witness)
        session.produce(into: &output, room: 65_536)
    }
    var most = 0
    var progress = HTTP2Progress.goesOn
    for piece in pieces where progress == .goesOn {
        progress = session.receive(bytes.span.bytes.extracting(piece))
        most = max(most, session.openStreams)
        if answersAtOnce { session.produce(into: &output, room: 1000) }
    }
    session.produce(into: &output, room: 1 << 20)
    // Those that are open now end in any order.
    var conversation = Conversation(notes: witness.notes)
    conversation.hasFailed = progress != .goesOn || session.isFinished
    let areAgreed = session.openStreams == witness.openCount
    session.finish()
    conversation.fault =
        areAgreed
        ? witness.fault ?? brokenEnd(session, witness, most, output.count, bytes.count)
        : "streams and their handlers agree"
    return conversation
}

private func brokenEnd(
    _ session: HTTP2Session, _ witness: SessionWitness, _ mostStreams: Int, _ sent: Int, _ received: Int
) -> String? {
    guard session.openStreams == 0, witness.openCount == 0 else { return "every stream is closed" }
    guard mostStreams <= HTTP2Settings().concurrentStreams else { return "streams at once are bounded" }
    // Nine bytes of a frame bring forth one frame, and a request its answer of less than 100 bytes.
    return sent <= 1024 + 16 * received ? nil : "what is sent is bounded by what came"
}

/// Five requests, two of them with a body.
private func ask(_ session: HTTP2Session, _ witness: SessionWitness) {
    var fields = HTTP2Fields()
    for number in 0..<5 {
        fields.reset()
        fields.add(name: ":method", value: Array((number < 2 ? "POST" : "GET").utf8).span.bytes)
        fields.add(name: ":scheme", value: Array("https".utf8).span.bytes)
        fields.add(name: ":authority", value: Array("workspace.example".utf8).span.bytes)
        fields.add(name: ":path", value: Array("/\(number)".utf8).span.bytes)
        guard let stream = session.submitRequest(fields, hasBody: number < 2, handler: witness) else { continue }
        witness.began(stream)
        guard number < 2 else { continue }
        stream.send(Array(repeating: UInt8(ascii: "x"), count: 100).span.bytes)
        if number == 0 { stream.end() }
    }
}
