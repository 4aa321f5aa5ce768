import HTTP2

/// A client's and a server's session, wired together without sockets.
final class Pair {
    let client = End(.client)
    let server = End(.server)
    /// What the server has against its client.
    private(set) var fault: HTTP2Fault?

    func request(_ fields: [(String, String)], hasBody: Bool = false) -> Call? {
        let call = Call(client)
        call.stream = client.session.submitRequest(Self.block(fields), hasBody: hasBody, handler: call)
        return call.stream == nil ? nil : call
    }

    /// Carries bytes both ways until nobody has anything to say.
    func settle() {
        while client.session.wantsToSend || server.session.wantsToSend {
            let (asked, answered) = (client.produce(), server.produce())
            if asked.isEmpty, answered.isEmpty { return }
            if case .failed(let fault) = server.session.receive(asked.span.bytes) { self.fault = fault }
            _ = client.session.receive(answered.span.bytes)
        }
    }

    func finish() {
        client.session.finish()
        server.session.finish()
    }

    static func block(_ fields: [(String, String)]) -> HTTP2Fields {
        var block = HTTP2Fields()
        for (name, value) in fields {
            let (name, value) = (Array(name.utf8), Array(value.utf8))
            block.add(name: name.span.bytes, value: value.span.bytes)
        }
        return block
    }
}

/// One end of a ``Pair``.
final class End: HTTP2SessionDelegate {
    let session: HTTP2Session
    private(set) var calls: [Call] = []
    var consumes = true

    init(_ side: HTTP2Session.Side) {
        session = HTTP2Session(side: side, settings: HTTP2Settings())
        session.delegate = self
    }

    func produce() -> [UInt8] {
        var frames: [UInt8] = []
        session.produce(into: &frames, room: 65_536)
        return frames
    }

    func streamOpened(_ stream: HTTP2Stream) {
        let call = Call(self)
        call.stream = stream
        stream.handler = call
        calls.append(call)
    }

    func goAwayReceived() {}
    func settingsReceived() {}
    func pingAcknowledged() {}
}

/// One stream, and what happened on it.
final class Call: HTTP2StreamHandler {
    private let end: End
    var stream: HTTP2Stream?
    private(set) var blocks: [[(String, String)]] = []
    private(set) var wasTooLarge = false
    private(set) var bodyCount = 0
    private(set) var hasEnded = false
    private(set) var closed: HTTP2ErrorCode?
    private(set) var wasProcessed = true

    init(_ end: End) { self.end = end }

    func fields(_ stream: HTTP2Stream, _ block: borrowing FieldBlock, endsStream: Bool) {
        wasTooLarge = block.isTooLarge
        var fields: [(String, String)] = []
        block.forEach { name, value in
            let (name, value) = (name.withUnsafeBytes { Array($0) }, value.withUnsafeBytes { Array($0) })
            fields.append((String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
        }
        blocks.append(fields)
    }

    func data(_ stream: HTTP2Stream, _ bytes: RawSpan) {
        bodyCount += bytes.byteCount
        if end.consumes { stream.consumed(bytes.byteCount) }
    }

    func inputEnded(_ stream: HTTP2Stream) { hasEnded = true }
    func writabilityChanged(_ stream: HTTP2Stream) {}

    func closed(_ stream: HTTP2Stream, error: HTTP2ErrorCode, wasProcessed: Bool) {
        self.stream = nil
        closed = error
        self.wasProcessed = wasProcessed
    }
}
