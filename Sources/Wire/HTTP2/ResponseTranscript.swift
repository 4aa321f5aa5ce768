/// Writes the fields of an HTTP/2 response down as the head of HTTP/1.1 that means the same, so that one parser judges
/// both; trailers likewise, as field lines.
public struct ResponseTranscript: Sendable {
    /// The head so far; complete after ``finish(endsStream:)``. Of trailers, the lines.
    public private(set) var bytes: [UInt8] = []
    /// Whether the block is the head of a response; trailers have no status.
    public private(set) var isHead = false
    private var status: [UInt8] = []
    private var hasLength = false
    private var fault: HeadError?

    public init() {}

    public mutating func begin(in buffer: consuming [UInt8]) {
        bytes = buffer
        bytes.removeAll(keepingCapacity: true)
        status.removeAll(keepingCapacity: true)
        isHead = false
        hasLength = false
        fault = nil
    }

    /// The memory with the head in it.
    public mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }

    public mutating func add(name: RawSpan, value: RawSpan) {
        guard value.isText() else { return fault = .controlCharacter }
        if name.byteCount > 0, name[octet: 0] == UInt8(ascii: ":") { return addPseudo(name, value) }
        if name.byteCount == 14, name.starts(with: "content-length") { hasLength = true }
        bytes.append(name, 0..<name.byteCount)
        bytes.append(": ")
        bytes.append(value, 0..<value.byteCount)
        bytes.append("\r\n")
    }

    /// Completes a head. One that ends its stream has an empty body, which HTTP/1.1 must be told.
    ///
    /// - Throws: What HTTP/1.1 has no way to say.
    public mutating func finish(endsStream: Bool) throws(HeadError) {
        if let fault { throw fault }
        if endsStream, !hasLength, status.first != UInt8(ascii: "1"), !hasNoBody {
            bytes.append("content-length: 0\r\n")
        }
        bytes.append("\r\n")
    }

    private var hasNoBody: Bool {
        status == Array("204".utf8) || status == Array("304".utf8)
    }

    private mutating func addPseudo(_ name: RawSpan, _ value: RawSpan) {
        guard name.starts(with: ":status") else { return }
        isHead = true
        status.append(value, 0..<value.byteCount)
        bytes.append("HTTP/1.1 ")
        bytes.append(value, 0..<value.byteCount)
        bytes.append(" \r\n")
    }
}
