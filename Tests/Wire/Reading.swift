import Wire

/// A head written as text: every `\n` stands for CR LF. Octets above ASCII are Latin 1.
func octets(_ text: String) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar -> [UInt8] in
        scalar == "\n" ? [13, 10] : [UInt8(truncatingIfNeeded: scalar.value)]
    }
}

func parse(_ bytes: [UInt8], _ limits: HeadLimits = HeadLimits()) -> (HeadProgress, RequestHead) {
    var head = RequestHead()
    let progress = head.parse(bytes.span.bytes, limits: limits)
    return (progress, head)
}

func parseResponse(_ bytes: [UInt8], to method: HTTPMethod = .get) -> (HeadProgress, ResponseHead) {
    var head = ResponseHead()
    let progress = head.parse(bytes.span.bytes, limits: HeadLimits(), requestMethod: method)
    return (progress, head)
}

/// The fault a request is refused for.
func fault(_ text: String, _ limits: HeadLimits = HeadLimits()) -> HeadError? {
    if case .invalid(let error) = parse(octets(text), limits).0 { error } else { nil }
}

func responseFault(_ text: String, to method: HTTPMethod = .get) -> HeadError? {
    if case .invalid(let error) = parseResponse(octets(text), to: method).0 { error } else { nil }
}

func text(_ slice: Slice?, in bytes: [UInt8]) -> String? {
    slice.map { String(decoding: bytes[$0.range], as: UTF8.self) }
}

/// The forwarded head of a request, with `\n` for CR LF, or what was wrong with the request.
func forwarded(_ request: String, as forwarding: borrowing Forwarding) -> String {
    let bytes = octets(request)
    let (progress, head) = parse(bytes)
    guard case .complete = progress else { return "\(progress)" }
    var out: [UInt8] = []
    head.writeForwarded(from: bytes.span.bytes, as: forwarding, into: &out)
    return lines(out)
}

func relayed(
    _ response: String, to method: HTTPMethod = .get, keepsAlive: Bool = true, isHTTP10: Bool = false
) -> String {
    let bytes = octets(response)
    let (progress, head) = parseResponse(bytes, to: method)
    guard case .complete = progress else { return "\(progress)" }
    var out: [UInt8] = []
    let forwarding = ResponseForwarding(clientKeepsAlive: keepsAlive, clientIsHTTP10: isHTTP10)
    head.writeForwarded(from: bytes.span.bytes, as: forwarding, into: &out)
    return lines(out)
}

private func lines(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        .joined(separator: "\n")
}
