import Basics
import OAuth
import Provider
import Testing

@testable import Authority

@Suite struct LoginProblemTests {
    static let refused = LoginFailure.refused(reason: "<i>no")
    static let unusable = LoginFailure.unusable(reason: "odd")
    private let site = Site()

    @Test("CVE-2021-32792: the provider's words are text") func theProvidersErrorIsShownEscaped() async {
        let browser = Browser(site)
        let state = await browser.start("/sql").only("state") ?? ""
        let text = PercentCoding.encode("<script>alert('1')</script>\" onload=x &amp;")
        let answer = await browser.get(
            "/.lakegate/callback?error=access_denied&error_description=\(text)&state=\(state)")
        #expect(answer.status == 403)
        #expect(!answer.text.contains("<script") && !answer.text.contains("\" onload"))
        #expect(answer.text.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot; onload=x &amp;amp;"))
        #expect(answer.text.contains("href=\"/.lakegate/login?return_to=%2Fsql\"") && answer.text.contains("req-1"))
        #expect(answer.text.contains("role=\"alert\""))
    }

    @Test(arguments: [
        (LoginFailure.unreachable(.timedOut(origin: "https://x")), 503, "did not answer in time"),
        (refused, 502, "&lt;i&gt;no"), (unusable, 502, "odd"),
        (.clientSecret(.empty), 500, "not set up"),
    ])
    func failuresOfTheProviderAreExplained(failure: LoginFailure, status: Int, text: String) async {
        let browser = Browser(site)
        let asked = await browser.start()
        site.provider.failure.withLock { $0 = failure }
        let answer = await browser.finish(asked)
        #expect(answer.status == status && answer.text.contains(text) && answer.text.contains("Try again"))
        #expect(answer.all("Set-Cookie").isEmpty)
        #expect((answer.one("Retry-After") == "5") == (status == 503))
    }

    @Test func aStoreThatIsAwayIsAPassingFault() async {
        let browser = Browser(site)
        let asked = await browser.start()
        site.flows.failure.withLock { $0 = .store(.timedOut) }
        #expect(await browser.finish(asked).status == 503)
        #expect(await browser.get("/.lakegate/login/start").status == 503)
        site.flows.failure.withLock { $0 = nil }
        site.keeper.state.withLock { $0.failure = .store(.timedOut) }
        #expect(await browser.finish(asked).status == 503)
    }

    @Test func loginsAreCountedAndLoggedWithoutSecrets() async {
        let browser = Browser(site)
        let asked = await browser.start()
        _ = await browser.finish(asked, code: "hidden-code")
        _ = await browser.finish(asked, code: "hidden-code")
        let state = await browser.start().only("state") ?? ""
        _ = await browser.get("/.lakegate/callback?error=no%0Away&state=\(state)")
        site.provider.failure.withLock { $0 = .refused(reason: "x") }
        _ = await browser.login()
        #expect(site.outcomes == [.completed, .unknown, .denied, .failed])
        #expect(site.lines.contains { $0.hasPrefix("info signed in") && $0.contains("ann@example.com") })
        for line in site.lines {
            #expect(
                !line.contains("hidden") && !line.contains("secret") && !line.contains("tok.") && !line.contains("\n"))
            #expect(!line.contains(state))
        }
    }
}
