/// The head of a request from a client (RFC 9112), read strictly.
///
/// Holds offsets only; every member that reads a value takes the bytes that were parsed. One instance is meant
/// to be reused for all requests of a connection: its memory is kept.
public struct RequestHead: Sendable {
    var line = RequestLine()
    var fields = FieldSection()
    /// The authority the request is for: of an absolute target, else of the Host field.
    public private(set) var authority = Slice.empty
    public private(set) var framing = RequestFraming.none

    public init() {}

    public var method: HTTPMethod { line.method }
    public var methodSlice: Slice { line.methodSlice }
    /// Path and query as forwarded; `*` for a server-wide OPTIONS.
    public var target: Slice { line.target }
    public var path: Slice { line.path }
    /// What follows the first `?`; empty if nothing does.
    public var query: Slice? { line.query }
    public var isHTTP10: Bool { line.isHTTP10 }
    /// The path is one of Lakegate's own; spellings that only decode to one are refused.
    public var isLakegates: Bool { line.isLakegates }

    /// The client allows another request on this connection.
    public var keepsAlive: Bool {
        !fields.connection.closes && (!isHTTP10 || fields.connection.keepsAlive)
    }

    /// The client waits for a 100 before it sends the body.
    public var expectsContinue: Bool {
        fields.has(.expect) && !isHTTP10 && hasBody
    }

    /// The client understands trailers (RFC 9110, section 6.5.1).
    public func takesTrailers(in bytes: RawSpan) -> Bool {
        fields.has(.hopByHop)
            && fields.lines.contains {
                bytes.equalsFolded("te", at: $0.name) && bytes.extracting($0.value.range).containsFolded("trailers")
            }
    }

    /// The client asks for another protocol (RFC 9110, section 7.8).
    public var wantsUpgrade: Bool {
        fields.connection.upgrades && fields.has(.upgrade) && !isHTTP10
    }

    /// The value of the only Authorization field; a head with two is refused.
    public var authorization: Slice? { fields.value(of: .authorization) }

    /// The value of a field; of the first one if a field that is not refused for it occurs twice.
    public func value(of known: KnownField) -> Slice? { fields.value(of: known.kind) }

    private var hasBody: Bool {
        switch framing {
        case .none, .length(0): false
        case .length, .chunked: true
        }
    }

    /// Reads a head from the start of a span. A span that is `incomplete` is parsed again when it has grown.
    ///
    /// - Parameter examined: How many bytes of this span the last call, which answered `incomplete`, was given.
    ///   It saves reading them again, so that a head that trickles in costs linear time.
    public mutating func parse(_ bytes: RawSpan, limits: HeadLimits, examined: Int = 0) -> HeadProgress {
        let ceiling = min(limits.bytes, HeadLimits.ceiling)
        if examined > 0, bytes.byteCount < ceiling, !bytes.hasEmptyLine(from: examined - 3) { return .incomplete }
        do throws(Stop) {
            let window = bytes.extracting(0..<min(bytes.byteCount, ceiling))
            return .complete(length: try read(window, limits))
        } catch {
            return error.progress(bytes.byteCount, ceiling)
        }
    }

    private mutating func read(_ bytes: RawSpan, _ limits: HeadLimits) throws(Stop) -> Int {
        forget()
        line = try RequestLine.read(bytes, from: try skipEmptyLine(bytes), limit: limits.target)
        var position = line.end
        try fields.read(bytes, at: &position, most: limits.fields, singletons: FieldKind.requestSingletons)
        try readHost(bytes)
        try readFraming()
        try readExpectation(bytes)
        return position
    }

    /// After a fault nothing of an earlier head may be left: its offsets could lie outside these bytes.
    private mutating func forget() {
        fields.reset()
        line = RequestLine()
        authority = .empty
        framing = .none
    }

    /// One empty line before a request is ignored (RFC 9112, section 2.2).
    private func skipEmptyLine(_ bytes: RawSpan) throws(Stop) -> Int {
        guard try bytes.arrived(at: 0) == .carriageReturn else { return 0 }
        guard try bytes.arrived(at: 1) == .lineFeed else { throw .invalid(.bareCR) }
        return 2
    }

    private mutating func readHost(_ bytes: RawSpan) throws(Stop) {
        // Needed in HTTP/1.0 too: without a name there is no telling which workspace is meant.
        guard let host = fields.value(of: .host) else { throw .invalid(.hostMissing) }
        try Authority.check(bytes, host.range)
        authority = line.authority ?? host
    }

    private mutating func readFraming() throws(Stop) {
        if fields.isChunked {
            guard !isHTTP10 else { throw .invalid(.transferEncodingInHTTP10) }
            guard fields.contentLength == nil else { throw .invalid(.lengthAndTransferEncoding) }
            framing = .chunked
        } else if let length = fields.contentLength {
            framing = .length(length)
        } else {
            framing = .none
        }
    }

    private func readExpectation(_ bytes: RawSpan) throws(Stop) {
        guard let expectation = fields.value(of: .expect), !isHTTP10 else { return }
        guard bytes.equalsFolded("100-continue", at: expectation.range) else { throw .invalid(.expectationUnknown) }
    }
}

extension Stop {
    func progress(_ count: Int, _ ceiling: Int) -> HeadProgress {
        switch self {
        case .incomplete: count >= ceiling ? .invalid(.headTooLarge) : .incomplete
        case .invalid(let error): .invalid(error)
        }
    }
}
