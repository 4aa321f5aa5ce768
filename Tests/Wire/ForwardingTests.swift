import Testing
import Wire

/// The forwarded head of a request written as text, or the fault as a word.
func forwarded(_ text: String, as forwarding: Forwarding) -> String {
    let bytes = Array(text.utf8)
    var head = RequestHead()
    switch head.parse(bytes.span.bytes, limits: HeadLimits()) {
    case .incomplete: return "incomplete"
    case .invalid(let error): return error.rawValue
    case .complete:
        var out: [UInt8] = []
        head.writeForwarded(from: bytes.span.bytes, as: forwarding, into: &out)
        return String(decoding: out, as: UTF8.self)
    }
}

@Test func forwardsAPlainRequest() {
    let forwarding = Forwarding(host: Array("w".utf8), authorization: .set(Array("Bearer t".utf8)))
    let request =
        "GET /a?b HTTP/1.1\r\nHost: p\r\nAccept: */*\r\nAuthorization: x\r\nCookie: a=1; __Host-lakegate=2\r\n\r\n"
    let expected =
        "GET /a?b HTTP/1.1\r\nhost: w\r\nAccept: */*\r\ncookie: a=1\r\nauthorization: Bearer t\r\n"
        + "x-forwarded-proto: https\r\n\r\n"
    #expect(forwarded(request, as: forwarding) == expected)
}
