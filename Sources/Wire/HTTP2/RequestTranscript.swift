/// Writes the fields of an HTTP/2 request down as the head of HTTP/1.1 that means the same (RFC 9113, section 8.3.1), so
/// that one parser judges both.
///
/// Pseudo fields come first, as HTTP/2 demands; what breaks its rules beyond that is for the parser of the outcome.
public struct RequestTranscript: Sendable {
    /// The head so far; complete after ``finish(hasBody:)``.
    public private(set) var bytes: [UInt8] = []
    private var method: [UInt8] = []
    private var path: [UInt8] = []
    private var authority: [UInt8] = []
    private var cookies: [UInt8] = []
    private var isHTTPS = false
    private var hasLength = false
    private var hasHost = false
    private var isBegun = false
    private var fault: HeadError?

    public init() {}

    /// Takes it out of where it is kept, empty, so that using it holds nothing else up.
    public mutating func take() -> RequestTranscript {
        var taken = RequestTranscript()
        swap(&taken, &self)
        taken.reset()
        return taken
    }

    /// Puts it back, for the sake of its memory.
    public mutating func giveBack(_ used: inout RequestTranscript) {
        swap(&used, &self)
    }

    private mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        method.removeAll(keepingCapacity: true)
        path.removeAll(keepingCapacity: true)
        authority.removeAll(keepingCapacity: true)
        cookies.removeAll(keepingCapacity: true)
        isHTTPS = false
        hasLength = false
        hasHost = false
        isBegun = false
        fault = nil
    }

    public mutating func add(name: RawSpan, value: RawSpan) {
        // What could end a line would begin another one.
        guard value.isText() else { return fault = .controlCharacter }
        if name.byteCount > 0, name[octet: 0] == UInt8(ascii: ":") { return addPseudo(name, value) }
        if !isBegun { writeFirstLine() }
        switch name.byteCount {
        case 4 where name.starts(with: "host"): addHost(value)
        case 6 where name.starts(with: "cookie"): addCookie(value)
        case 14 where name.starts(with: "content-length"):
            hasLength = true
            bytes.appendLine(name, value)
        default: bytes.appendLine(name, value)
        }
    }

    /// Completes the head.
    ///
    /// - Parameter hasBody: The stream goes on after the head.
    /// - Throws: What HTTP/1.1 has no way to say.
    public mutating func finish(hasBody: Bool) throws(HeadError) {
        if !isBegun { writeFirstLine() }
        if let fault { throw fault }
        guard isHTTPS, !path.isEmpty else { throw .targetInvalid }
        guard hasHost else { throw .hostMissing }
        if !cookies.isEmpty { bytes.appendField("cookie: ", cookies) }
        if hasBody, !hasLength { bytes.append("transfer-encoding: chunked\r\n") }
        bytes.append("\r\n")
    }

    private mutating func addPseudo(_ name: RawSpan, _ value: RawSpan) {
        if name.equals(":method", at: 0..<name.byteCount) {
            method.append(value, 0..<value.byteCount)
        } else if name.equals(":path", at: 0..<name.byteCount) {
            path.append(value, 0..<value.byteCount)
        } else if name.equals(":authority", at: 0..<name.byteCount) {
            authority.append(value, 0..<value.byteCount)
        } else if name.equals(":scheme", at: 0..<name.byteCount) {
            isHTTPS = value.equalsFolded("https", at: 0..<value.byteCount)
        }
    }

    private mutating func writeFirstLine() {
        isBegun = true
        bytes.append(contentsOf: method)
        bytes.append(" ")
        bytes.append(contentsOf: path)
        bytes.append(" HTTP/1.1\r\n")
        guard !authority.isEmpty else { return }
        hasHost = true
        bytes.appendField("host: ", authority)
    }

    /// A Host beside `:authority` must say the same (RFC 9113, section 8.3.1); one alone stands for it.
    private mutating func addHost(_ value: RawSpan) {
        guard !hasHost else {
            let isSame = authority.count == value.byteCount && value.withUnsafeBytes { authority.elementsEqual($0) }
            return fault = isSame ? fault : .hostInvalid
        }
        hasHost = true
        authority.append(value, 0..<value.byteCount)
        bytes.appendField("host: ", authority)
    }

    /// Split for the sake of compression, they are one field again (RFC 9113, section 8.2.3).
    private mutating func addCookie(_ value: RawSpan) {
        if !cookies.isEmpty { cookies.append("; ") }
        cookies.append(value, 0..<value.byteCount)
    }
}

extension [UInt8] {
    /// Appends a line whose parts are known to hold no control character.
    mutating func appendLine(_ name: RawSpan, _ value: RawSpan) {
        append(name, 0..<name.byteCount)
        append(": ")
        append(value, 0..<value.byteCount)
        append("\r\n")
    }
}
