import Foundation
import OAuth
import Testing

@testable import Authority

@Suite struct ReturnPathTests {
    private static let origin = "https://prod.gate.example"

    @Test(arguments: [
        "/", "/sql", "/sql/editor?o=1&x=%2F%2Fevil", "/files/a%20b", "/a//b", "/@me", "/a:b",
        "/?next=https://evil.example",
        "/.lakegate/session", "/.lakegatex", "/a..b/...", "/100%25", "/%C3%A4", "/sql?q=a%0Ab%5C",
    ])
    func ownPathsAreKept(path: String) {
        #expect(ReturnPath(path)?.text == path)
        #expect(WebAddress.origin(of: Self.origin + path, at: "https://elsewhere.example/") == Self.origin)
    }

    @Test(
        """
        O2: none of a thousand tricks is a path of ours. CVE-2020-5233, CVE-2020-11053, CVE-2020-4037, CVE-2021-32786, \
        CVE-2019-20479, CVE-2022-23527, CVE-2021-39191, GHSA-qqxw (/\\evil, //evil, %09, tabs, control characters), \
        CVE-2021-21291 (evil-example.com), CVE-2026-40574 (several @)
        """)
    func nothingLeadsElsewhere() {
        for text in ReturnTricks.refused {
            #expect(ReturnPath(text) == nil, "\(text.debugDescription)")
        }
        #expect(ReturnTricks.refused.count >= 1000, "\(ReturnTricks.refused.count)")
    }

    /// Judged by those who read an address as browsers do, and as Foundation does, whoever decodes it once more.
    @Test("O2: of 100,000 strings made at random, those that are taken stay on this host")
    func whatIsTakenStaysHere() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SplitMix(state: seed)
        var taken = 0
        for _ in 0..<100_000 {
            let text = ReturnTricks.made(with: &generator)
            guard let path = ReturnPath(text)?.text else { continue }
            taken += 1
            for reading in [path, WebAddress.decoded(path), WebAddress.decoded(WebAddress.decoded(path))] {
                let found = [
                    WebAddress.origin(of: Self.origin + reading, at: "https://elsewhere.example/"),
                    WebAddress.origin(of: reading, at: Self.origin + "/.lakegate/callback"),
                ]
                #expect(found == [Self.origin, Self.origin], "seed \(seed): \(text.debugDescription) as \(reading)")
            }
            let read = URL(string: path, relativeTo: URL(string: Self.origin))?.absoluteURL
            #expect(read?.host() == "prod.gate.example" && read?.scheme == "https", "seed \(seed): \(path)")
        }
        #expect(taken >= 1000, "seed \(seed): only \(taken) were taken, which proves little")
    }

    /// Through the front door: whatever is asked for, the browser stays on this host, and takes nothing secret along.
    @Test("GO-2022-0783: every login ends here, at an address without a token or code")
    func everyLoginEndsHere() async {
        let site = Site()
        for text in ReturnTricks.refused where text.utf8.count < 1000 {
            let answer = await Browser(site).login(text)
            #expect(answer.one("Location") == "\(Self.origin)/", "\(text.debugDescription)")
        }
        let answer = await Browser(site).login("/sql?o=1")
        #expect(answer.one("Location") == "\(Self.origin)/sql?o=1")
    }
}
