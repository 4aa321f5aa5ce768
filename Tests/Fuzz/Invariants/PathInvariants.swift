import Authority
import Foundation
import OAuth
import Wire

func brokenPathRule(_ bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    return brokenReturn(text) ?? brokenLoopback(text) ?? brokenJoin(text)
}

/// A path that is accepted leads to the same host, by everybody's reading, and never back into the login.
private func brokenReturn(_ text: String) -> String? {
    guard let path = ReturnPath(text)?.text else { return nil }
    guard path == text, isVisibleASCII(path), path.utf8.count <= 2048 else { return "it is what was asked for" }
    let base = URL(string: "https://gate.example:8443/.lakegate/callback?code=1")
    for url in [URL(string: "https://gate.example:8443" + path), URL(string: path, relativeTo: base)?.absoluteURL] {
        // Foundation refuses some spellings that are harmless to others.
        guard let url else { continue }
        guard url.scheme == "https", url.host() == "gate.example", url.port == 8443, url.user() == nil else {
            return "it leads to the same host"
        }
    }
    return brokenReading(Array(path.utf8.prefix { $0 != UInt8(ascii: "?") }))
}

/// A code that goes to a loopback address stays on this machine.
private func brokenLoopback(_ text: String) -> String? {
    guard LoopbackRedirect.isOne(text) else { return nil }
    guard isVisibleASCII(text), let url = URL(string: text), url.scheme == "http", url.user() == nil,
        ["localhost", "127.0.0.1", "::1", "[::1]"].contains(url.host()), let port = url.port,
        (1...65_535).contains(port),
        url.query() == nil, url.fragment() == nil
    else { return "a loopback address is one" }
    return nil
}

private func brokenReading(_ path: [UInt8]) -> String? {
    let isOwnPage = ReturnPath.ownPages.contains { path == Array($0.utf8) }
    if case .lakegate = try? TargetPath.judge(path.span.bytes, path.indices), !isOwnPage {
        return "it does not lead into the login"
    }
    var reading = path
    for _ in 0..<8 {
        guard !reading.starts(with: "//".utf8), !reading.contains(UInt8(ascii: "\\")),
            !reading.contains(where: { $0 < 32 })
        else { return "no reading of it is another host" }
        guard !reading.split(separator: UInt8(ascii: "/")).contains(where: { $0 == [46] || $0 == [46, 46] }) else {
            return "no reading of it climbs"
        }
        reading = leniently(reading)
    }
    return nil
}

/// Decoded as by a server that leaves alone what it cannot decode.
private func leniently(_ path: [UInt8]) -> [UInt8] {
    var decoded: [UInt8] = []
    var rest = path[...]
    while let octet = rest.first {
        let encoded = rest.prefix(3)
        if octet == UInt8(ascii: "%"), encoded.count == 3, let plain = PercentCoding.decode(encoded) {
            decoded += plain
            rest = rest.dropFirst(3)
        } else {
            decoded.append(octet)
            rest = rest.dropFirst()
        }
    }
    return decoded
}

/// Whatever is put into a URL comes out of it again, and changes nothing before the query.
private func brokenJoin(_ text: String) -> String? {
    let request = AuthorizeRequest(
        endpoint: "https://login.example/authorize?tenant=1#x", clientID: text, redirectURI: text, scopes: [text, "a"],
        state: text, challenge: text)
    let parts = request.url.split(separator: "?", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "https://login.example/authorize", isVisibleASCII(request.url) else {
        return "the endpoint stays what it is"
    }
    guard let fields = FormCoding.decode(String(parts[1])), fields.count == 8, fields.only("state") == text,
        fields.only("redirect_uri") == text, fields.only("scope") == text + " a", fields.only("tenant") == "1"
    else { return "every field comes out again" }
    return nil
}
