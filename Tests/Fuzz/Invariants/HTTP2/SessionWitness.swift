import Basics
import HTTP2

/// Answers what a session tells as a proxy would, takes notes, and watches that every stream has one life.
final class SessionWitness: HTTP2SessionDelegate, HTTP2StreamHandler {
    /// What happened, in order; pieces of a body in one.
    private(set) var notes: [String] = []
    private(set) var fault: String?
    private(set) var streamCount = 0
    private var open: Set<Int32> = []
    private var withHead: Set<Int32> = []
    private let isServer: Bool

    init(isServer: Bool) {
        self.isServer = isServer
    }

    /// Streams that were opened and not closed.
    var openCount: Int { open.count }

    func streamOpened(_ stream: HTTP2Stream) {
        stream.handler = self
        began(stream)
    }

    func began(_ stream: HTTP2Stream) {
        streamCount += 1
        if !open.insert(stream.id).inserted { fault = "a stream is opened once" }
        note("opened", stream)
    }

    func goAwayReceived() { notes.append("go away") }
    func settingsReceived() { notes.append("settings") }
    func pingAcknowledged() { notes.append("ping") }

    func data(_ stream: HTTP2Stream, _ bytes: RawSpan) {
        let line = "data of \(stream.id)"
        if notes.last != line { note("data of", stream, line) }
        // A slow reader takes a body in the end.
        if stream.id % 4 != 3 { stream.consumed(bytes.byteCount) }
        if !isServer, stream.id == 5 { stream.reset(.cancel) }
    }

    func inputEnded(_ stream: HTTP2Stream) {
        note("input ended", stream)
        if isServer { stream.end() }
    }

    func writabilityChanged(_ stream: HTTP2Stream) { note("writable", stream) }

    func closed(_ stream: HTTP2Stream, error: HTTP2ErrorCode, wasProcessed: Bool) {
        note("closed \(error.rawValue)", stream)
        if open.remove(stream.id) == nil { fault = "a stream is closed once" }
        // After its end, nothing that is asked of a stream does anything.
        stream.send([1, 2, 3].span.bytes)
        stream.consumed(7)
        stream.end()
        stream.reset(.cancel)
    }

    func fields(_ stream: HTTP2Stream, _ block: borrowing FieldBlock, endsStream: Bool) {
        note("fields", stream)
        guard !block.isTooLarge else {
            note("too large", stream)
            return stream.reset(.cancel)
        }
        var noted = NotedFields()
        block.forEach { noted.fields.append((Array($0), Array($1))) }
        judge(noted, stream, endsStream)
    }

    private func judge(_ block: NotedFields, _ stream: HTTP2Stream, _ endsStream: Bool) {
        guard isServer else {
            fault = fault ?? brokenResponse(block)
            return
        }
        // Trailers are no second head.
        guard withHead.insert(stream.id).inserted else { return }
        fault = fault ?? brokenRequest(block, hasBody: !endsStream)
        answer(stream)
    }

    private func answer(_ stream: HTTP2Stream) {
        var fields = HTTP2Fields()
        fields.add(name: ":status", number: 200)
        stream.submitHead(fields, endsStream: stream.id % 8 == 7)
        stream.send(Array("Not Found. Nor was it ever here.".utf8).span.bytes)
    }

    private func note(_ what: String, _ stream: HTTP2Stream, _ line: String? = nil) {
        if !open.contains(stream.id) { fault = "nothing happens on a stream that is not open: \(what)" }
        notes.append(line ?? "\(what) \(stream.id)")
    }
}

extension [UInt8] {
    fileprivate init(_ span: RawSpan) {
        self = span.withUnsafeBytes { Array($0) }
    }
}
