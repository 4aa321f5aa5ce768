/// The head of a workspace's response (RFC 9112), read strictly; reusable like ``RequestHead``.
public struct ResponseHead: Sendable {
    var fields = FieldSection()
    /// Offset of the first byte after the three digits.
    var statusEnd = 0
    /// First byte after the status line's CR LF.
    var lineEnd = 0
    /// 100 to 599; 101 only where it was asked for.
    public private(set) var status = 0
    public private(set) var framing = ResponseFraming.none
    public private(set) var isHTTP10 = false

    public init() {}

    /// Another response to the same request follows (100, 102, 103).
    public var isInformational: Bool { status < 200 && status != 101 }
    /// The connection speaks WebSocket behind this head.
    public var switchesProtocols: Bool { status == 101 }

    /// The workspace allows another request on this connection once the body is read.
    public var keepsAlive: Bool {
        framing != .untilClose && !fields.connection.closes && (!isHTTP10 || fields.connection.keepsAlive)
    }

    /// The value of a field, the first if there are several.
    public func value(of known: KnownField) -> Slice? { fields.value(of: known.kind) }
    public var contentType: Slice? { fields.value(of: .contentType) }
    public var retryAfter: Slice? { fields.value(of: .retryAfter) }
    public var location: Slice? { fields.value(of: .location) }
    public var xDatabricksReasonPhrase: Slice? { fields.value(of: .xDatabricksReasonPhrase) }

    /// Reads a head from the start of a span; the parameters are those of ``RequestHead/parse(_:limits:examined:)``.
    ///
    /// - Parameters:
    ///   - requestMethod: Of the request this answers: a response to HEAD has no body.
    ///   - mayUpgrade: The request asked for a WebSocket, so that a 101 may be the answer.
    public mutating func parse(
        _ bytes: RawSpan, limits: HeadLimits, requestMethod: HTTPMethod, mayUpgrade: Bool = false, examined: Int = 0
    ) -> HeadProgress {
        let ceiling = min(limits.bytes, HeadLimits.ceiling)
        if examined > 0, bytes.byteCount < ceiling, !bytes.hasEmptyLine(from: examined - 3) { return .incomplete }
        do throws(Stop) {
            let window = bytes.extracting(0..<min(bytes.byteCount, ceiling))
            return .complete(length: try read(window, limits, requestMethod, mayUpgrade))
        } catch {
            return error.progress(bytes.byteCount, ceiling)
        }
    }

    private mutating func read(
        _ bytes: RawSpan, _ limits: HeadLimits, _ requestMethod: HTTPMethod, _ mayUpgrade: Bool
    ) throws(Stop) -> Int {
        forget()
        try readStatusLine(bytes)
        var position = lineEnd
        try fields.read(bytes, at: &position, most: limits.fields, singletons: FieldKind.framingSingletons)
        framing = try bodyFraming(answering: requestMethod)
        if switchesProtocols { try checkSwitch(bytes, mayUpgrade) }
        return position
    }

    private mutating func forget() {
        fields.reset()
        statusEnd = 0
        lineEnd = 0
        status = 0
        framing = .none
    }

    private mutating func readStatusLine(_ bytes: RawSpan) throws(Stop) {
        let start: InlineArray<7, UInt8> = [0x48, 0x54, 0x54, 0x50, 0x2F, 0x31, 0x2E]  // HTTP/1.
        for index in start.indices where try bytes.arrived(at: index) != start[index] {
            throw .invalid(.statusLineMalformed)
        }
        let minor = try bytes.arrived(at: 7)
        guard minor == UInt8(ascii: "0") || minor == UInt8(ascii: "1"), try bytes.arrived(at: 8) == .space else {
            throw .invalid(.statusLineMalformed)
        }
        isHTTP10 = minor == UInt8(ascii: "0")
        for position in 9..<12 {
            let octet = try bytes.arrived(at: position)
            guard octet.isDigit else { throw .invalid(.statusLineMalformed) }
            status = status * 10 + Int(octet &- 0x30)
        }
        try finishStatusLine(bytes)
    }

    private mutating func finishStatusLine(_ bytes: RawSpan) throws(Stop) {
        guard 100...599 ~= status else { throw .invalid(.statusUnexpected) }
        statusEnd = 12
        let next = try bytes.arrived(at: statusEnd)
        // The space is required, but servers without a reason leave it out.
        guard next == .space || next == .carriageReturn else { throw .invalid(.statusLineMalformed) }
        lineEnd = try bytes.endOfLine(from: statusEnd) + 2
    }

    private func checkSwitch(_ bytes: RawSpan, _ mayUpgrade: Bool) throws(Stop) {
        guard mayUpgrade, !isHTTP10, fields.connection.upgrades, let upgrade = fields.value(of: .upgrade),
            bytes.equalsFolded("websocket", at: upgrade.range)
        else { throw .invalid(.upgradeUnasked) }
    }

    /// RFC 9112, section 6.3, and stricter: a transfer coding where none may be is refused, as is one beside a length.
    private func bodyFraming(answering method: HTTPMethod) throws(Stop) -> ResponseFraming {
        if fields.isChunked {
            guard !isHTTP10 else { throw .invalid(.transferEncodingInHTTP10) }
            guard fields.contentLength == nil else { throw .invalid(.lengthAndTransferEncoding) }
            guard status >= 200, status != 204 else { throw .invalid(.bodyForbidden) }
        }
        if method == .head || status < 200 || status == 204 || status == 304 { return .none }
        if fields.isChunked { return .chunked }
        return fields.contentLength.map { .length($0) } ?? .untilClose
    }
}
