extension RequestHead {
    /// Appends the head as the workspace gets it, always HTTP/1.1, the empty line included.
    ///
    /// What ends here is taken out first and what the proxy says is put in last, so nothing the client nominates in
    /// Connection can remove it. Untouched lines are copied as they came, adjacent ones at once.
    public func writeForwarded(
        from bytes: RawSpan, as forwarding: borrowing Forwarding, into out: inout [UInt8]
    ) {
        writeRequestLine(from: bytes, into: &out)
        out.appendField("host: ", forwarding.host)
        let keepsID = forwarding.keepsClientRequestID && validRequestID(in: bytes) != nil
        writeFields(from: bytes, forwarding, keepsID, into: &out)
        if case .set(let value) = forwarding.authorization { out.appendField("authorization: ", value) }
        out.appendField("x-databricks-azure-sp-management-token: ", forwarding.azureToken)
        out.appendField("x-databricks-azure-workspace-resource-id: ", forwarding.azureResourceID)
        out.appendField("x-forwarded-for: ", forwarding.forwardedFor)
        out.appendField("x-forwarded-host: ", forwarding.forwardedHost)
        out.append("x-forwarded-proto: https\r\n")
        if !keepsID { out.appendField("x-request-id: ", forwarding.requestID) }
        if forwarding.upgradesToWebSocket { out.append("connection: upgrade\r\nupgrade: websocket\r\n") }
        switch framing {
        case .none: break
        case .length(let length): out.appendContentLength(length)
        case .chunked: out.append("transfer-encoding: chunked\r\n")
        }
        out.append("\r\n")
    }

    /// The client's X-Request-Id if there is one only, of 1 to 128 visible ASCII characters, and not nominated.
    public func validRequestID(in bytes: RawSpan) -> Slice? {
        guard fields.has(.xRequestID) else { return nil }
        var found: Slice?
        for index in fields.lines.indices where fields.lines[index].kind == .xRequestID {
            let value = fields.lines[index].value
            guard found == nil, !fields.lines[index].isNominated, 1...128 ~= value.count else { return nil }
            for position in value.range where !(0x21...0x7E ~= bytes[octet: position]) { return nil }
            found = value
        }
        return found
    }

    /// Tells the fields of the head as the workspace gets it, one by one, for a protocol that is not written in lines.
    /// Names may have capitals; a Cookie field is told pair by pair (RFC 9113, section 8.2.3).
    ///
    /// What the proxy says itself is the caller's to add, and so is the length.
    public func forEachForwardedField(
        from bytes: RawSpan, as forwarding: borrowing Forwarding, _ tell: (_ name: RawSpan, _ value: RawSpan) -> Void
    ) {
        let keepsID = forwarding.keepsClientRequestID && validRequestID(in: bytes) != nil
        for field in fields.lines {
            let name = bytes.extracting(field.name)
            if field.kind == .cookie, !field.isNominated {
                var pairs = CookiePairs(field.value)
                while let pair = pairs.next(bytes) {
                    if bytes.hasPrefix(forwarding.removedCookies, at: pair) { continue }
                    tell(name, bytes.extracting(pair))
                }
            } else if keeps(field, bytes, forwarding, keepsID), field.kind != .trailer {
                tell(name, bytes.extracting(field.value.range))
            }
        }
    }

    /// Whether the client's own request id goes on.
    public func keepsRequestID(from bytes: RawSpan, as forwarding: borrowing Forwarding) -> Bool {
        forwarding.keepsClientRequestID && validRequestID(in: bytes) != nil
    }

    private func writeRequestLine(from bytes: RawSpan, into out: inout [UInt8]) {
        if !isHTTP10, line.authority == nil {
            out.append(bytes, Int(methodSlice.offset)..<line.end)
        } else {
            out.append(bytes, methodSlice.range)
            out.append(" ")
            out.append(bytes, target.range)
            out.append(" HTTP/1.1\r\n")
        }
    }

    private func writeFields(
        from bytes: RawSpan, _ forwarding: borrowing Forwarding, _ keepsID: Bool, into out: inout [UInt8]
    ) {
        let lines = fields.lines.span
        var runStart = line.end
        for index in lines.indices {
            let field = lines[index]
            if keeps(field, bytes, forwarding, keepsID) { continue }
            if runStart < Int(field.start) { out.append(bytes, runStart..<Int(field.start)) }
            if field.kind == .cookie, !field.isNominated {
                Self.writeCookies(field, bytes, without: forwarding.removedCookies, into: &out)
            }
            runStart = Int(field.end)
        }
        let end = lines.isEmpty ? line.end : Int(lines[lines.count - 1].end)
        if runStart < end { out.append(bytes, runStart..<end) }
    }

    /// Whether a line goes on exactly as it came.
    @inline(__always)
    private func keeps(
        _ field: FieldLine, _ bytes: RawSpan, _ forwarding: borrowing Forwarding, _ keepsID: Bool
    ) -> Bool {
        if field.isNominated { return false }
        if field.kind == .other { return true }
        return keepsKnown(field, bytes, forwarding, keepsID)
    }

    private func keepsKnown(
        _ field: FieldLine, _ bytes: RawSpan, _ forwarding: borrowing Forwarding, _ keepsID: Bool
    ) -> Bool {
        switch field.kind {
        case .alias, .hopByHop, .forwarded, .upgrade, .host, .connection, .contentLength, .transferEncoding: false
        case .authorization, .companionCredential: forwarding.keepsCredentials
        case .cookie: !Self.hasCookie(field, bytes, startingWith: forwarding.removedCookies)
        case .expect: expectsContinue && !forwarding.answersExpect
        case .trailer: framing == .chunked
        case .xRequestID: keepsID
        case .acceptEncoding: !forwarding.asksForPlainAnswer
        case .other, .accept, .contentEncoding, .origin, .userAgent, .contentType, .secFetchMode, .secFetchDest,
            .secFetchSite, .altSvc,
            .strictTransportSecurity, .setCookie, .retryAfter, .location, .wwwAuthenticate, .xDatabricksReasonPhrase:
            true
        }
    }

    private static func hasCookie(_ field: FieldLine, _ bytes: RawSpan, startingWith prefix: [UInt8]) -> Bool {
        var pairs = CookiePairs(field.value)
        while let pair = pairs.next(bytes) {
            if bytes.hasPrefix(prefix, at: pair) { return true }
        }
        return false
    }

    private static func writeCookies(
        _ field: FieldLine, _ bytes: RawSpan, without prefix: [UInt8], into out: inout [UInt8]
    ) {
        var pairs = CookiePairs(field.value)
        var isFirst = true
        while let pair = pairs.next(bytes) {
            if bytes.hasPrefix(prefix, at: pair) { continue }
            out.append(isFirst ? "cookie: " : "; ")
            out.append(bytes, pair)
            isFirst = false
        }
        if !isFirst { out.append("\r\n") }
    }
}
