extension RequestHead {
    /// The request asks for a WebSocket (RFC 6455, section 4.1). Other protocols are not spoken here, and asking for one is
    /// ignored (RFC 9110, section 7.8).
    public func asksForWebSocket(in bytes: RawSpan) -> Bool {
        guard wantsUpgrade, method == .get, framing == .none, let value = fields.value(of: .upgrade) else {
            return false
        }
        return bytes.equalsFolded("websocket", at: value.range)
    }

    /// Whether the page that asks is of the origin it asks (RFC 6455, section 10.2). Programs name none.
    public func isSameOrigin(in bytes: RawSpan) -> Bool {
        guard let origin = value(of: .origin) else { return true }
        let text = bytes.extracting(origin.range)
        guard text.startsFolded(with: "https://") else { return false }
        return bytes.equalIgnoringCase(
            origin.range.lowerBound + 8..<origin.range.upperBound, authority.range)
    }
}

extension ResponseHead {
    /// Appends the 101 as the client gets it.
    public func writeSwitch(from bytes: RawSpan, as forwarding: borrowing ResponseForwarding, into out: inout [UInt8]) {
        out.append("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n")
        forEachForwardedField(from: bytes, as: forwarding) { out.appendLine($0, $1) }
        out.append("\r\n")
    }
}
