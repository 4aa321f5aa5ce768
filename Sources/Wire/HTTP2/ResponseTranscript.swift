/// Writes the fields of an HTTP/2 response down as the head of HTTP/1.1 that means the same, so that one parser judges
/// both.
public struct ResponseTranscript: Sendable {
    /// The head so far; complete after ``finish()``.
    public private(set) var bytes: [UInt8] = []
    private var fault: HeadError?

    public init() {}

    /// Takes memory to write into.
    public mutating func begin(in buffer: consuming [UInt8]) {
        bytes = buffer
        bytes.removeAll(keepingCapacity: true)
        fault = nil
    }

    /// Gives the memory with the head in it away.
    public mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }

    public mutating func add(name: RawSpan, value: RawSpan) {
        // What could end a line would begin another one.
        guard value.isText() else { return fault = .controlCharacter }
        guard name.byteCount > 0, name[octet: 0] == UInt8(ascii: ":") else { return bytes.appendLine(name, value) }
        guard name.equals(":status", at: 0..<name.byteCount) else { return }
        bytes.append("HTTP/1.1 ")
        bytes.append(value, 0..<value.byteCount)
        bytes.append(" \r\n")
    }

    /// Completes a head.
    ///
    /// - Throws: What HTTP/1.1 has no way to say.
    public mutating func finish() throws(HeadError) {
        if let fault { throw fault }
        bytes.append("\r\n")
    }
}
