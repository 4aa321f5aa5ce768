import OAuth
import Testing

@testable import Authority

@Suite struct ReturnPathTests {
    @Test(arguments: [
        "/", "/sql", "/sql/editor?o=1&x=%2F%2Fevil", "/files/a%20b", "/a//b", "/@me", "/a:b",
        "/?next=https://evil.example",
        "/.lakegate/session", "/.lakegatex", "/a..b/...", "/100%25", "/%C3%A4", "/sql?q=a%0Ab%5C",
    ])
    func ownPathsAreKept(path: String) {
        #expect(ReturnPath(path)?.text == path)
    }

    @Test func nothingLeadsElsewhere() {
        var refused = 0
        for text in Self.corpus {
            #expect(ReturnPath(text) == nil, "\(text.debugDescription)")
            refused += 1
        }
        #expect(refused >= 200, "\(refused)")
    }

    /// Through the front door: whatever is asked for, the browser stays on this host.
    @Test func everyLoginEndsHere() async {
        let site = Site()
        for text in Self.corpus where text.utf8.count < 1000 {
            let browser = Browser(site)
            let answer = await browser.login(text)
            #expect(answer.one("Location") == "https://prod.gate.example/", "\(text.debugDescription)")
        }
    }

    private static let corpus: [String] = {
        let hosts = ["evil.example", "evil.example/x", "good@evil.example", "evil.example%2f..", "[::1]", "2130706433"]
        let prefixes = [
            "//", "///", "////", "/\\", "\\/", "\\\\", "\\", "/\\/", "//\\", "/\t/", "/\n/", "/\r\n/", "\t//", " //",
            "/ /",
            "/%09/", "/%0a/", "/%0d%0a/", "/%5c", "/%5C", "/%255c", "/%2f", "/%2F/", "/%252f", "/%25252f", "/./",
            "/../",
            "/.//", "/..//", "/%2e/", "/%2e%2e//", "/.%2e//", "/x/..//", "https:", "https:/", "https://", "http://",
            "HTTPS://", "javascript:", "data:text/html,", "ftp://", "//user@", "/%255C%25zz/",
            "https://prod.gate.example@",
            "https://prod.gate.example.", "/\u{0}/", "/%00/", "/\u{7f}", "\u{feff}//", "/\u{2028}/", "/\u{ff0f}", "ー//",
        ]
        let loops = [
            "", "x", "?x", "#", "/#", "/a#b", "/.lakegate", "/.lakegate/", "/.lakegate/login", "/.lakegate/logout",
            "/.lakegate/callback?code=1", "/.LAKEGATE/login", "/%2elakegate/login", "/.lakegate%2flogin",
            "/.lakegate/session/", "/.lakegate/session/../login", "/.lakegate/session/tokens", "/%", "/%zz", "/ä",
            "/a b",
            "/\r\nSet-Cookie: a=b", "/x\r\n\r\n<script>", "/" + String(repeating: "a", count: 2048),
        ]
        return prefixes.flatMap { prefix in hosts.map { prefix + $0 } } + loops
    }()
}
