import NIOCore
import NIOHTTP1

/// One request and its answer.
final class Exchange {
    let head: HTTPRequestHead
    let path: String
    let query: FormFields
    /// Added to every answer of this exchange.
    var commonFields: [(name: String, value: String)] = []
    /// Set once the head of the answer is on its way.
    private(set) var status: Int?
    private(set) var isAborted = false
    /// Set before answering, to close the connection without reading the rest of the body.
    var leavesBodyUnread = false
    private let connection: HTTPConnection
    private var bodyEnded = false
    private var owesContinue: Bool

    init(head: HTTPRequestHead, connection: HTTPConnection) {
        self.head = head
        self.connection = connection
        let halves = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(halves[0])
        query = FormFields(encoded: halves.count > 1 ? halves[1] : "")
        owesContinue = head.headers.first(name: "expect")?.lowercased() == "100-continue"
    }

    var method: String { head.method.rawValue }

    /// Whether another request may follow on the connection.
    var allowsNext: Bool { head.isKeepAlive && bodyEnded && !isAborted && !leavesBodyUnread }

    /// The next piece of the body, `nil` at its end. Asks a waiting client to send it.
    func nextChunk() async throws -> ByteBuffer? {
        if owesContinue {
            owesContinue = false
            try await connection.write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
        }
        while !bodyEnded {
            switch try await connection.nextPart() {
            case .body(let chunk): return chunk
            case .end: bodyEnded = true
            case .head, nil: throw ConnectionLost()
            }
        }
        return nil
    }

    /// The whole body, or `nil` when it is longer than `limit`.
    func collect(upTo limit: Int) async throws -> [UInt8]? {
        var body: [UInt8] = []
        while let chunk = try await nextChunk() {
            guard body.count + chunk.readableBytes <= limit else { return nil }
            body.append(contentsOf: chunk.readableBytesView)
        }
        return body
    }

    func send(_ reply: Reply) async throws {
        let length = ("content-length", String(reply.body.count))
        let mayHaveBody = reply.status >= 200 && reply.status != 204 && reply.status != 304
        let declares = mayHaveBody && !reply.fields.contains { $0.name == "content-length" }
        var parts = [startPart(reply.status, reply.fields + (declares ? [(name: length.0, value: length.1)] : []))]
        if head.method != .HEAD, mayHaveBody, !reply.body.isEmpty {
            parts.append(.body(.byteBuffer(ByteBuffer(bytes: reply.body))))
        }
        try await connection.write(parts + [.end(nil)])
    }

    /// Begins an answer whose body follows piece by piece; chunked unless the fields say how long it is.
    func start(_ status: Int, _ fields: [(name: String, value: String)]) async throws {
        try await connection.write(startPart(status, fields))
    }

    func write(_ chunk: ByteBuffer) async throws {
        if head.method != .HEAD { try await connection.write(.body(.byteBuffer(chunk))) }
    }

    func finish() async throws {
        try await connection.write(.end(nil))
    }

    func abort() async {
        isAborted = true
        await connection.abort()
    }

    /// Reads what is left of the body, unless the client still waits to be asked for it.
    func drain() async throws {
        guard !owesContinue, !isAborted, !leavesBodyUnread else { return }
        while try await nextChunk() != nil {}
    }

    private func startPart(_ status: Int, _ fields: [(name: String, value: String)]) -> HTTPServerResponsePart {
        self.status = status
        var headers = HTTPHeaders((commonFields + fields).map { ($0.name, $0.value) })
        let isLast = !head.isKeepAlive || owesContinue || leavesBodyUnread
        if isLast { headers.replaceOrAdd(name: "connection", value: "close") }
        return .head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers))
    }
}

/// The client went away in the middle of a request.
struct ConnectionLost: Error {}
