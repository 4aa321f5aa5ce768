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
    private var isHTTPS = false
    private var cookies: [UInt8] = []
    private var hasLength = false
    private var fault: HeadError?
    private var hasHost = false
    private var isBegun = false

    public init() {}

    /// Takes memory to write into.
    public mutating func begin(in buffer: consuming [UInt8]) {
        bytes = buffer
        bytes.removeAll(keepingCapacity: true)
        method.removeAll(keepingCapacity: true)
        path.removeAll(keepingCapacity: true)
        authority.removeAll(keepingCapacity: true)
        cookies.removeAll(keepingCapacity: true)
        isHTTPS = false
        hasLength = false
        fault = nil
        hasHost = false
        isBegun = false
    }

    /// The memory with the head in it.
    public mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
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
            write(name, value)
        default: write(name, value)
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
        if !cookies.isEmpty {
            bytes.append("cookie: ")
            bytes.append(contentsOf: cookies)
            bytes.append("\r\n")
        }
        if hasBody, !hasLength { bytes.append("transfer-encoding: chunked\r\n") }
        bytes.append("\r\n")
    }

    private mutating func addPseudo(_ name: RawSpan, _ value: RawSpan) {
        if name.starts(with: ":method") {
            method.append(value, 0..<value.byteCount)
        } else if name.starts(with: ":path") {
            path.append(value, 0..<value.byteCount)
        } else if name.starts(with: ":authority") {
            authority.append(value, 0..<value.byteCount)
        } else if name.starts(with: ":scheme") {
            isHTTPS = value.byteCount == 5 && value.startsFolded(with: "https")
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
        bytes.append("host: ")
        bytes.append(contentsOf: authority)
        bytes.append("\r\n")
    }

    /// A Host beside `:authority` must say the same (RFC 9113, section 8.3.1); one alone stands for it.
    private mutating func addHost(_ value: RawSpan) {
        guard !hasHost else {
            let isSame = authority.count == value.byteCount && value.withUnsafeBytes { authority.elementsEqual($0) }
            return fault = isSame ? fault : .hostInvalid
        }
        hasHost = true
        authority.append(value, 0..<value.byteCount)
        bytes.append("host: ")
        bytes.append(value, 0..<value.byteCount)
        bytes.append("\r\n")
    }

    /// Split for the sake of compression, they are one field again (RFC 9113, section 8.2.3).
    private mutating func addCookie(_ value: RawSpan) {
        if !cookies.isEmpty { cookies.append("; ") }
        cookies.append(value, 0..<value.byteCount)
    }

    private mutating func write(_ name: RawSpan, _ value: RawSpan) {
        bytes.append(name, 0..<name.byteCount)
        bytes.append(": ")
        bytes.append(value, 0..<value.byteCount)
        bytes.append("\r\n")
    }
}
