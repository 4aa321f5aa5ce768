import Authority
import Basics
import Sessions
import Wire

func brokenCookieRule(_ bytes: [UInt8]) -> String? {
    let head = Array("GET / HTTP/1.1\r\nHost: a\r\nCookie: ".utf8) + bytes + Array("\r\n\r\n".utf8)
    return brokenLookup(head) ?? brokenTokenRule(bytes)
}

/// The edge and the login pages look for the same cookie in their own ways, and must not find two different ones.
private func brokenLookup(_ bytes: [UInt8]) -> String? {
    var head = RequestHead()
    guard case .complete = head.parse(bytes.span.bytes, limits: HeadLimits()) else { return nil }
    let fields = head.list(from: bytes.span.bytes)
    switch head.cookie(named: "__Host-lakegate", in: bytes.span.bytes) {
    case .none:
        guard Cookie.session.value(in: fields) == nil else { return "both find none" }
    case .one(let slice):
        let value = bytes.span.bytes.extracting(slice.range)
        guard slice.range.upperBound <= bytes.count else { return "a value lies within the head" }
        guard Cookie.session.value(in: fields) == value.text else { return "both find the same" }
        return brokenTokenRule(Array(bytes[slice.range]))
    case .several:
        guard Cookie.session.value(in: fields) == nil else { return "of several, both believe none" }
    }
    return nil
}

private func brokenTokenRule(_ bytes: [UInt8]) -> String? {
    let token = PresentedToken.parse(bytes.span.bytes, hasher: SHA256Hasher())
    // The same once more, in the slow and plain way.
    let hasForm = bytes.count == SessionToken.length && bytes.starts(with: SessionToken.prefix.utf8)
    guard PresentedToken.hasPrefix(bytes.span.bytes) == hasForm else { return "a token is known by its form" }
    guard hasForm, let decoded = Base64URL.decode(bytes.dropFirst(4)) else {
        return token == nil ? nil : "only a token is a token"
    }
    guard let token else { return "a token is a token" }
    guard token.digest.bytes == Digest.sha256(Array(decoded[16...])) else { return "the digest is the secret's" }
    guard token.id.text == Base64URL.encode(Array(decoded[..<16])), SessionID(text: token.id.text) == token.id else {
        return "the id is the session's"
    }
    return nil
}
