import Wire

private let limits = HeadLimits(bytes: 4096, fields: 32, target: 1024)

private let forwarding = Forwarding(
    host: Array("workspace.example".utf8), authorization: .set(Array("Bearer ours".utf8)),
    forwardedFor: Array("192.0.2.1".utf8), forwardedHost: Array("proxy.example".utf8), requestID: Array("id-7".utf8))

private let endsHere: Set<String> = [
    "connection", "keep-alive", "te", "upgrade", "forwarded", "x-real-ip", "http2-settings",
    "x-databricks-azure-sp-management-token", "x-databricks-gcp-sa-access-token",
]

func brokenRequestInvariant(_ bytes: [UInt8]) -> String? {
    var head = RequestHead()
    let whole = head.parse(bytes.span.bytes, limits: limits)
    if let fault = brokenPrefix(bytes, whole) { return fault }
    guard case .complete(let length) = whole else { return nil }
    guard length <= bytes.count, length <= limits.bytes else { return "length within the bytes" }
    var out: [UInt8] = []
    head.writeForwarded(from: bytes.span.bytes, as: forwarding, into: &out)
    return brokenForwarding(out) ?? brokenRoundTrip(bytes, head, out)
}

private func brokenPrefix(_ bytes: [UInt8], _ whole: HeadProgress) -> String? {
    var head = RequestHead()
    for salt in 0..<2 as Range<UInt64> {
        let count = cut(bytes, salt: salt)
        let part = head.parse(bytes.span.bytes.extracting(0..<count), limits: limits)
        guard isConsistent(part, of: whole, at: count) else { return "a prefix is judged like the whole" }
        guard part == .incomplete, count > 0 else { continue }
        let resumed = head.parse(bytes.span.bytes, limits: limits, examined: count)
        // Going on may put off a fault until the head is complete or too large, but never finds another one.
        guard isConsistent(resumed, of: whole, at: 0) else { return "reading on is like reading at once" }
    }
    return nil
}

private func brokenForwarding(_ out: [UInt8]) -> String? {
    guard let text = HeadText(out) else { return "forwarded lines are well formed" }
    guard text.values("host") == [forwarding.host] else { return "our Host only" }
    guard text.values("authorization") == [Array("Bearer ours".utf8)] else { return "our Authorization only" }
    guard text.values("x-forwarded-for") == [forwarding.forwardedFor] else { return "our X-Forwarded-For only" }
    guard text.values("x-forwarded-proto") == [Array("https".utf8)] else { return "our X-Forwarded-Proto only" }
    guard text.values("x-request-id").count == 1 else { return "one X-Request-Id" }
    guard text.values("content-length").count + text.values("transfer-encoding").count <= 1 else {
        return "one framing"
    }
    for (name, value) in text.fields {
        let plain = HeadText.normalised(name)
        guard !endsHere.contains(plain), !plain.hasPrefix("proxy-") else { return "no field that ends here" }
        guard plain == name || !isOurs(plain) else { return "no look-alike of our fields" }
        guard !plain.hasPrefix("x-forwarded") || ["for", "host", "proto"].contains(plain.dropFirst(12)) else {
            return "no X-Forwarded of the client"
        }
        guard plain != "cookie" || !hasOurCookie(value) else { return "no cookie of ours" }
    }
    return nil
}

private func isOurs(_ name: String) -> Bool {
    ["host", "authorization", "content-length", "transfer-encoding", "x-request-id", "cookie", "expect"].contains(name)
        || name.hasPrefix("x-forwarded")
}

private func hasOurCookie(_ value: [UInt8]) -> Bool {
    value.split(separator: 59).contains { pair in
        String(decoding: pair.drop { $0 == 32 || $0 == 9 }, as: UTF8.self).lowercased().hasPrefix("__host-lakegate")
    }
}

private func brokenRoundTrip(_ bytes: [UInt8], _ head: RequestHead, _ out: [UInt8]) -> String? {
    var again = RequestHead()
    guard again.parse(out.span.bytes, limits: HeadLimits()) == .complete(length: out.count) else {
        return "a forwarded head is accepted"
    }
    guard again.framing == head.framing, again.method == head.method, !again.isHTTP10 else {
        return "framing and method stay the same"
    }
    guard out[again.target.range] == bytes[head.target.range] else { return "the target stays the same" }
    guard again.isLakegates == head.isLakegates else { return "the path stays whose it was" }
    var twice: [UInt8] = []
    again.writeForwarded(from: out.span.bytes, as: forwarding, into: &twice)
    guard let once = HeadText(out), let second = HeadText(twice) else { return "forwarded lines are well formed" }
    return sorted(once) == sorted(second) ? nil : "forwarding twice changes nothing more"
}

private func sorted(_ text: HeadText) -> [String] {
    text.fields.map { $0.name + ":" + String(decoding: $0.value, as: UTF8.self) }.sorted()
}
