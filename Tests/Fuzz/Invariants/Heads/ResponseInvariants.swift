import Wire

private let limits = HeadLimits(bytes: 4096, fields: 32, target: 1024)

private let endsHere: Set<String> = [
    "keep-alive", "te", "upgrade", "alt-svc", "strict-transport-security", "proxy-authenticate", "proxy-connection",
]

func brokenResponseInvariant(_ bytes: [UInt8], answering method: HTTPMethod) -> String? {
    var head = ResponseHead()
    let whole = head.parse(bytes.span.bytes, limits: limits, requestMethod: method)
    var part = ResponseHead()
    let count = cut(bytes, salt: 1)
    let progress = part.parse(bytes.span.bytes.extracting(0..<count), limits: limits, requestMethod: method)
    guard isConsistent(progress, of: whole, at: count) else { return "a prefix is judged like the whole" }
    guard case .complete(let length) = whole else { return nil }
    guard length <= bytes.count else { return "length within the bytes" }
    for is10 in [false, true] where !(is10 && head.isInformational) {
        if let fault = brokenRelay(bytes, head, method, is10) { return fault }
    }
    return nil
}

private func brokenRelay(_ bytes: [UInt8], _ head: ResponseHead, _ method: HTTPMethod, _ is10: Bool) -> String? {
    var out: [UInt8] = []
    let forwarding = ResponseForwarding(clientKeepsAlive: true, clientIsHTTP10: is10)
    head.writeForwarded(from: bytes.span.bytes, as: forwarding, into: &out)
    var again = ResponseHead()
    guard again.parse(out.span.bytes, limits: HeadLimits(), requestMethod: method) == .complete(length: out.count)
    else {
        return "a forwarded head is accepted"
    }
    let expected = head.framing.relayed(toHTTP10: is10)
    guard again.status == head.status, again.framing == expected else { return "status and framing are relayed" }
    guard again.keepsAlive == (expected != .untilClose) else { return "the client is told when the connection ends" }
    guard let text = HeadText(out) else { return "forwarded lines are well formed" }
    for (name, value) in text.fields {
        let plain = HeadText.normalised(name)
        guard !endsHere.contains(plain) else { return "no field that ends here" }
        let isOurs = String(decoding: value, as: UTF8.self).lowercased().hasPrefix("__host-lakegate")
        guard plain != "set-cookie" || !isOurs else { return "no cookie of ours is set" }
    }
    return nil
}
