/// What the client can take, where it matters for the head of a response.
public struct ResponseForwarding: ~Copyable, Sendable {
    /// The connection to the client goes on after this response, as far as the proxy is concerned.
    public var clientKeepsAlive: Bool
    /// The client speaks HTTP/1.0 and knows no chunks.
    public var clientIsHTTP10: Bool
    /// Cookies whose names start like this cannot be set by a workspace; empty: none can.
    public var removedCookies: [UInt8]
    /// What a Location of the workspace begins with, such as `https://dbc-1.cloud.databricks.com`, and what takes its place;
    /// empty, and then nothing is replaced, where there is no Location.
    public var workspaceOrigin: [UInt8] = []
    public var ownOrigin: [UInt8] = []
    /// When the session ends, as a value for `Lakegate-Session-Ends`; empty, and then not said, unless it is soon.
    public var sessionEnds: [UInt8] = []

    public init(
        clientKeepsAlive: Bool, clientIsHTTP10: Bool, removedCookies: [UInt8] = Forwarding.ownCookies
    ) {
        self.clientKeepsAlive = clientKeepsAlive
        self.clientIsHTTP10 = clientIsHTTP10
        self.removedCookies = removedCookies
    }
}

extension ResponseFraming {
    /// How the same body is delimited towards a client: in chunks if its length is not known, or by closing.
    public func relayed(toHTTP10: Bool) -> ResponseFraming {
        switch self {
        case .none, .length: self
        case .chunked, .untilClose: toHTTP10 ? .untilClose : .chunked
        }
    }
}

extension ResponseHead {
    /// Appends the head as the client gets it, always HTTP/1.1, the empty line included.
    ///
    /// The body must be sent as ``ResponseFraming/relayed(toHTTP10:)`` of ``framing`` says. An informational
    /// response must not be sent to an HTTP/1.0 client at all.
    public func writeForwarded(
        from bytes: RawSpan, as forwarding: borrowing ResponseForwarding, into out: inout [UInt8]
    ) {
        let clientFraming = framing.relayed(toHTTP10: forwarding.clientIsHTTP10)
        writeStatusLine(from: bytes, into: &out)
        writeFields(from: bytes, clientFraming, forwarding, into: &out)
        writeFraming(clientFraming, into: &out)
        if let rest = ownLocation(in: bytes, forwarding) {
            out.append("location: ")
            out.append(contentsOf: forwarding.ownOrigin)
            out.append(bytes, rest)
            out.append("\r\n")
        }
        out.appendField("lakegate-session-ends: ", forwarding.sessionEnds)
        if !isInformational {
            if clientFraming == .untilClose || !forwarding.clientKeepsAlive {
                out.append("connection: close\r\n")
            } else if forwarding.clientIsHTTP10 {
                out.append("connection: keep-alive\r\n")
            }
        }
        out.append("\r\n")
    }

    /// Tells the fields of the head as the client gets it, one by one, for a protocol that is not written in lines.
    /// Names may have capitals. The length is among them where one is known.
    public func forEachForwardedField(
        from bytes: RawSpan, as forwarding: borrowing ResponseForwarding,
        _ tell: (_ name: RawSpan, _ value: RawSpan) -> Void
    ) {
        for field in fields.lines where !field.isNominated {
            let isLength = field.kind == .contentLength && status != 204 && status >= 200
            if isLength || field.kind == .other || keepsKnown(field, bytes, .chunked, forwarding) {
                tell(bytes.extracting(field.name), bytes.extracting(field.value.range))
            }
        }
    }

    /// What follows the workspace's origin in its Location, if that leads to the workspace itself.
    public func ownLocation(in bytes: RawSpan, _ forwarding: borrowing ResponseForwarding) -> Range<Int>? {
        guard !forwarding.workspaceOrigin.isEmpty, let location else { return nil }
        return bytes.rest(of: location.range, behindOrigin: forwarding.workspaceOrigin)
    }

    private func writeStatusLine(from bytes: RawSpan, into out: inout [UInt8]) {
        out.append("HTTP/1.1 ")
        out.append(bytes, statusEnd - 3..<statusEnd)
        out.append(lineEnd == statusEnd + 2 ? " \r\n" : "")
        if lineEnd != statusEnd + 2 { out.append(bytes, statusEnd..<lineEnd) }
    }

    /// A response to HEAD and a 304 tell the length of a body that does not follow; others without one tell nothing.
    private func writeFraming(_ clientFraming: ResponseFraming, into out: inout [UInt8]) {
        switch clientFraming {
        case .length(let length): out.appendContentLength(length)
        case .chunked: out.append("transfer-encoding: chunked\r\n")
        case .untilClose: break
        case .none:
            guard status >= 200, status != 204, let length = fields.contentLength else { return }
            out.appendContentLength(length)
        }
    }

    private func writeFields(
        from bytes: RawSpan, _ clientFraming: ResponseFraming, _ forwarding: borrowing ResponseForwarding,
        into out: inout [UInt8]
    ) {
        let lines = fields.lines.span
        var runStart = lineEnd
        for index in lines.indices {
            let field = lines[index]
            if !field.isNominated, field.kind == .other || keepsKnown(field, bytes, clientFraming, forwarding) {
                continue
            }
            if runStart < Int(field.start) { out.append(bytes, runStart..<Int(field.start)) }
            runStart = Int(field.end)
        }
        let end = lines.isEmpty ? lineEnd : Int(lines[lines.count - 1].end)
        if runStart < end { out.append(bytes, runStart..<end) }
    }

    private func keepsKnown(
        _ field: FieldLine, _ bytes: RawSpan, _ clientFraming: ResponseFraming,
        _ forwarding: borrowing ResponseForwarding
    ) -> Bool {
        switch field.kind {
        case .alias, .hopByHop, .connection, .contentLength, .transferEncoding, .upgrade, .altSvc,
            .strictTransportSecurity:
            false
        case .trailer: clientFraming == .chunked
        case .setCookie: !bytes.hasPrefix(forwarding.removedCookies, at: field.value.range)
        case .location:
            forwarding.workspaceOrigin.isEmpty
                || bytes.rest(of: field.value.range, behindOrigin: forwarding.workspaceOrigin) == nil
        case .other, .forwarded, .companionCredential, .host, .authorization, .cookie, .expect, .xRequestID, .accept,
            .acceptEncoding, .contentEncoding, .origin, .userAgent, .contentType, .secFetchMode, .secFetchDest,
            .secFetchSite, .retryAfter, .wwwAuthenticate, .xDatabricksReasonPhrase:
            true
        }
    }
}
