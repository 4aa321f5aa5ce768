/// Writes the fields of an HTTP/2 response down as the head of HTTP/1.1 that means the same, so that one parser judges
/// both.
public struct ResponseTranscript: Sendable {
    /// The head so far; complete after ``finish()``.
    public private(set) var bytes: [UInt8] = []
    private var fault: HeadError?

    public init() {}

    /// Takes it out of where it is kept, empty, so that using it holds nothing else up.
    public mutating func take() -> ResponseTranscript {
        var taken = ResponseTranscript()
        swap(&taken, &self)
        taken.reset()
        return taken
    }

    /// Puts it back, for the sake of its memory.
    public mutating func giveBack(_ used: inout ResponseTranscript) {
        swap(&used, &self)
    }

    private mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        fault = nil
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
