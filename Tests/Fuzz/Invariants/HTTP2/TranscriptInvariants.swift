import Wire

/// The first byte says what the lines behind it are: `R` a response, others a request; odd ones have a body.
func brokenTranscriptRule(_ input: [UInt8]) -> String? {
    guard let kind = input.first else { return nil }
    let lines = Array(input.dropFirst())
    if kind == UInt8(ascii: "R") {
        return brokenResponse(NotedFields(lines: lines, pseudo: [":status"]))
    }
    let pseudo: Set = [":method", ":path", ":authority", ":scheme"]
    return brokenRequest(NotedFields(lines: lines, pseudo: pseudo), hasBody: kind & 1 == 1)
}

/// A request that is accepted says in HTTP/1.1 what it said in HTTP/2: nothing less, and nothing more.
func brokenRequest(_ block: NotedFields, hasBody: Bool) -> String? {
    let path = block.pseudo(":path")
    // nghttp2 knows no other beginning of a path.
    guard path.first == UInt8(ascii: "/") || path == [UInt8(ascii: "*")] else { return nil }
    var transcript = RequestTranscript()
    for field in block.fields { transcript.add(name: field.name.span.bytes, value: field.value.span.bytes) }
    guard (try? transcript.finish(hasBody: hasBody)) != nil else { return nil }
    let bytes = transcript.bytes
    var head = RequestHead()
    guard head.parse(bytes.span.bytes, limits: HeadLimits()) == .complete(length: bytes.count) else { return nil }
    guard bytes[head.target.range].elementsEqual(path) else { return "the target is the path" }
    guard bytes.starts(with: block.pseudo(":method") + [32]) else { return "the method is the method" }
    let told = head.list(from: bytes.span.bytes).map { "\($0.name): \($0.value)" }
    return told.sorted() == expected(block, hasBody).sorted() ? nil : "the fields are the fields"
}

private func expected(_ block: NotedFields, _ hasBody: Bool) -> [String] {
    var cookies: [UInt8] = []
    var host = block.pseudo(":authority")
    var lines: [String] = []
    for (index, field) in block.fields.enumerated() where field.name.first != UInt8(ascii: ":") {
        switch String(decoding: field.name, as: UTF8.self) {
        case "cookie": cookies += (cookies.isEmpty ? [] : Array("; ".utf8)) + block.fields[index].value
        case "host": host = field.value
        case let name: lines.append("\(name): \(String(decoding: trimmed(field.value), as: UTF8.self))")
        }
    }
    lines.append("host: \(String(decoding: trimmed(host), as: UTF8.self))")
    if !cookies.isEmpty { lines.append("cookie: \(String(decoding: trimmed(cookies), as: UTF8.self))") }
    let hasLength = block.plain.contains { $0.name == "content-length" }
    return hasBody && !hasLength ? lines + ["transfer-encoding: chunked"] : lines
}

func brokenResponse(_ block: NotedFields) -> String? {
    // nghttp2 knows no other status.
    guard block.pseudo(":status").count == 3, block.pseudo(":status").allSatisfy({ (0x30...0x39).contains($0) }) else {
        return nil
    }
    var transcript = ResponseTranscript()
    for field in block.fields { transcript.add(name: field.name.span.bytes, value: field.value.span.bytes) }
    guard (try? transcript.finish()) != nil else { return nil }
    let bytes = transcript.bytes
    var head = ResponseHead()
    let progress = head.parse(bytes.span.bytes, limits: HeadLimits(), requestMethod: .get)
    guard progress == .complete(length: bytes.count) else { return nil }
    guard block.pseudo(":status").elementsEqual(String(head.status).utf8) else { return "the status is the status" }
    guard let text = HeadText(bytes) else { return "what is written has lines" }
    let told = text.fields.map { "\($0.name): \($0.value)" }
    return told == block.plain.map { "\($0.name): \($0.value)" } ? nil : "the fields are the fields"
}
