/// Places to go after a login that lead, or may be read as leading, to another host or back to the login.
enum ReturnTricks {
    private static let hosts = [
        "evil.example", "evil.example/x", "good@evil.example", "a@b@evil.example", "evil.example%2f..", "[::1]",
        "2130706433", "0x7f.1", "evil-prod.gate.example", "prod.gate.example.evil.example", "evil.example:443",
        "prod.gate.example:1@evil.example", "xn--e1afmkfd", "ｅｖｉｌ．example", "evil。example", "evil.example%00",
    ]

    private static let prefixes = [
        "//", "///", "////", "/\\", "\\/", "\\\\", "\\", "/\\/", "//\\", "/\t/", "/\n/", "/\r\n/", "\t//", " //",
        "/ /", "/%09/", "/%0a/", "/%0d%0a/", "/%5c", "/%5C", "/%255c", "/%2f", "/%2F/", "/%252f", "/%25252f", "/./",
        "/../", "/.//", "/..//", "/%2e/", "/%2e%2e//", "/.%2e//", "/x/..//", "https:", "https:/", "https://",
        "http://", "HTTPS://", "https:\\\\", "h\tttps://", "https:///", "javascript:", "data:text/html,", "ftp://",
        "file://", "ws://", "blob:https://", "//user@", "/%255C%25zz/", "https://prod.gate.example@",
        "https://prod.gate.example\\@", "https://prod.gate.example.", "/\u{0}/", "/%00/", "/\u{1}/", "/\u{b}/",
        "/\u{c}/", "/%0b/", "/%1f/", "/\u{7f}", "/%7f/", "\u{feff}//", "/\u{2028}/", "/\u{ff0f}", "ー//", "\u{a0}//",
        "/%25%32%66", "/%c0%af/\u{e9}", "/.%00./", "/..;/%5c", ".", "?//", "#//", "@", ":", ":443//",
    ]

    private static let loops = [
        "", "x", "?x", "#", "/#", "/a#b", "/.lakegate", "/.lakegate/", "/.lakegate/login", "/.lakegate/logout",
        "/.lakegate/callback?code=1", "/.LAKEGATE/login", "/%2elakegate/login", "/.lakegate%2flogin",
        "/.lakegate/session/", "/.lakegate/session/../login", "/.lakegate/session/tokens", "/.lakegate/login/start",
        "/%2e%6cakegate/login", "/./.lakegate/login", "/oidc/v1/consent", "/OIDC/v1/token", "/.well-known/x",
        "/%", "/%zz", "/ä", "/a b", "/\r\nSet-Cookie: a=b", "/x\r\n\r\n<script>",
        "/" + String(repeating: "a", count: 2048),
    ]

    static let refused: [String] = prefixes.flatMap { prefix in hosts.map { prefix + $0 } } + loops

    private static let pieces = [
        "/", "/", "//", "\\", "%2f", "%2F", "%5c", "%5C", "%252f", "%25", "%2", "%", "%09", "%0a", "%00", "%2e", "\t",
        "\n", "\r", " ", "\u{0}", "\u{7f}", "@", ":", ".", "..", "?", "#", ";", "&", "=", "*", "[", "]", "a", "sql",
        "evil.example", "https:", "javascript:", ".lakegate", "login", "oidc", "ä", "。", "／", "\u{2028}", "%ff", "~",
    ]

    /// Half of them begin as a path does, else hardly any would be taken.
    static func made(with generator: inout SplitMix) -> String {
        let start = Bool.random(using: &generator) ? "/" : ""
        let count = Int.random(in: 1...9, using: &generator)
        return start + (0..<count).map { _ in pieces[Int.random(in: pieces.indices, using: &generator)] }.joined()
    }
}

/// A small seeded generator, so that a failing string can be made again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
