import Basics
import Gate
import OAuth
import Testing

@testable import Authority

@Suite struct LoginTests {
    private let site = Site()

    @Test func theLoginPageLeadsOn() async {
        let answer = await Browser(site).get("/.lakegate/login?return_to=%2Fsql%3Fa%3D1")
        #expect(answer.status == 200)
        #expect(answer.text.contains("href=\"/.lakegate/login/start?return_to=%2Fsql%3Fa%3D1\""))
        #expect(answer.text.contains("Continue to Databricks") && answer.text.contains("lang=\"en\""))
        #expect(!answer.text.contains("<script"))
    }

    @Test func aPersonLogsIn() async throws {
        let browser = Browser(site)
        let start = await browser.get("/.lakegate/login/start?return_to=%2Fsql%3Fa%3D1")
        #expect(start.status == 303)
        let location = start.one("Location")
        #expect(location.hasPrefix("https://prod.db.example/oidc/v1/authorize?response_type=code&client_id=app&"))
        let asked = try #require(FormCoding.decode(String(location.drop { $0 != "?" }.dropFirst())))
        #expect(asked.only("redirect_uri") == "https://prod.gate.example/.lakegate/callback")
        #expect(asked.only("code_challenge_method") == "S256")
        let finish = await browser.finish(asked)
        #expect(finish.status == 303)
        #expect(finish.one("Location") == "https://prod.gate.example/sql?a=1")
        let cookie = finish.one("Set-Cookie")
        #expect(cookie == "__Host-lakegate=tok.1.1; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=2592000")
        let given = try #require(site.provider.codes.withLock { $0.first })
        #expect(given.code == "code-1" && given.redirectURI == asked.only("redirect_uri"))
        #expect(PKCE(verifier: given.verifier)?.challenge(sha256: mixed) == asked.only("code_challenge"))
    }

    @Test func theBrowserBindingIsAHostCookie() async {
        let start = await Browser(site).get("/.lakegate/login/start")
        let cookie = start.one("Set-Cookie")
        #expect(cookie.hasPrefix("__Host-lakegate-login="))
        #expect(cookie.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"))
        #expect(!start.one("Location").contains(String(cookie.dropFirst(22).prefix(43))), "it stays in the browser")
    }

    @Test func severalTabsLogInAtOnce() async {
        let browser = Browser(site)
        let first = await browser.start("/one")
        let second = await browser.start("/two")
        #expect(first.only("state") != second.only("state"))
        #expect(await browser.finish(second).one("Location") == "https://prod.gate.example/two")
        #expect(await browser.finish(first).one("Location") == "https://prod.gate.example/one")
    }

    @Test("CVE-2023-27496: a callback works once") func aCallbackWorksOnce() async {
        let browser = Browser(site)
        let asked = await browser.start()
        #expect(await browser.finish(asked).status == 303)
        let again = await browser.finish(asked)
        #expect(again.status == 400 && again.all("Set-Cookie").isEmpty)
        #expect(again.text.contains("not known here") && again.text.contains("Try again"))
        #expect(site.provider.codes.withLock { $0.count } == 1)
    }

    @Test("CVE-2026-27124: another browser cannot finish a login") func anotherBrowserCannotFinishALogin() async {
        let victim = Browser(site)
        let attacker = Browser(site)
        _ = await victim.start()
        let asked = await attacker.start()
        #expect(await victim.finish(asked).status == 400, "bound to the browser that began it")
        let bare = Browser(site)
        #expect(await bare.finish(asked).status == 400)
        #expect(site.provider.codes.withLock { $0.isEmpty })
        #expect(await attacker.finish(asked).status == 303, "and a stranger's attempt uses nothing up")
    }

    @Test func aLoginEndsAfterTenMinutes() async {
        let browser = Browser(site)
        let asked = await browser.start()
        site.pass(.seconds(600))
        #expect(await browser.finish(asked).status == 400)
    }

    @Test func aLoginBelongsToItsWorkspace() async {
        let prod = Browser(site)
        let asked = await prod.start()
        let dev = Browser(site, workspace: "dev")
        dev.cookies = prod.cookies
        #expect(await dev.finish(asked).status == 400)
    }

    @Test func theRightIssuerIsAccepted() async {
        let browser = Browser(site)
        let state = await browser.start().only("state") ?? ""
        let query = "code=c&state=\(state)&iss=https%3A%2F%2Fprod.db.example%2Foidc"
        #expect(await browser.get("/.lakegate/callback?\(query)").status == 303)
    }

    @Test("GHSA-f24x-5g9q-753f: a new login replaces the browser's old one") func aNewLoginReplacesTheBrowsersOldOne()
        async
    {
        let browser = Browser(site)
        _ = await browser.login()
        let old = browser.cookies["__Host-lakegate"] ?? ""
        _ = await browser.login()
        let new = browser.cookies["__Host-lakegate"] ?? ""
        #expect(old != new)
        #expect(FakeKeeper.read(old)?.session != FakeKeeper.read(new)?.session)
        browser.cookies["__Host-lakegate"] = old
        #expect(await browser.get("/.lakegate/session").status == 303, "the old one is dead")
    }

    @Test func withoutRefreshTokenASessionEndsWithItsAccessToken() async {
        site.provider.refreshToken.withLock { $0 = nil }
        #expect(await Browser(site).login().one("Set-Cookie").hasSuffix("Max-Age=3600"))
    }

    @Test func anotherSiteCannotBeginALogin() async {
        let browser = Browser(site)
        let answer = await browser.get(
            "/.lakegate/login/start?return_to=%2Fsql", [(name: "sec-fetch-site", value: "cross-site")])
        #expect(answer.one("Location") == "https://prod.gate.example/.lakegate/login?return_to=%2Fsql")
        #expect(browser.cookies.isEmpty && site.flows.stored.withLock { $0.isEmpty })
    }

    @Test("CVE-2026-19349, CVE-2026-110864: a login is no session") func aLoginIsNoSessionAndASessionNoLogin() async {
        let browser = Browser(site)
        let asked = await browser.start()
        browser.cookies["__Host-lakegate"] = browser.cookies["__Host-lakegate-login"]
        #expect(await browser.get("/.lakegate/session").status == 303)
        browser.cookies["__Host-lakegate"] = asked.only("state")
        #expect(await browser.get("/.lakegate/session").status == 303)
    }

    @Test(
        "CVE-2021-32785: nothing that a browser says gets into a name in the store",
        arguments: [
            "%s%n", "a\r\nFLUSHALL\r\n", "{x}", "*", "../x", "lakegate login\0a\0b",
        ]) func namesAreDigests(text: String) async throws
    {
        let browser = Browser(site)
        browser.cookies["__Host-lakegate-login"] = text
        _ = await browser.start(text)
        let names = site.flows.stored.withLock { Array($0.keys) }
        #expect(names.count == 1 && names.allSatisfy { Authority.isRandomWord($0) })
    }

    @Test func thereIsACap() {
        let limit = LoginLimit(perWindow: 2, atOnce: 1)
        let start = Timestamp(milliseconds: 0)
        #expect(limit.mayBegin(at: start, by: "a") == .yes && limit.mayBegin(at: start, by: "b") == .yes)
        #expect(limit.mayBegin(at: start, by: "c") == .no && limit.mayBegin(at: start, by: "a") == .no)
        #expect(limit.mayBegin(at: start + LoginFlow.life, by: "a") == .yes)
        #expect(limit.mayBegin(at: start, by: "a") == .yes, "a clock set back does not lock anybody out")
    }

    /// Whoever begins logins without end leaves as many to the others.
    @Test func aClientHasItsShare() {
        let limit = LoginLimit(perWindow: 100, atOnce: 1)
        let start = Timestamp(milliseconds: 0)
        let begun = { (client: String) in (0..<200).count { _ in limit.mayBegin(at: start, by: client) == .yes } }
        #expect([begun("a"), begun("b"), begun("c")] == [50, 25, 13])
        #expect(limit.mayBegin(at: start, by: "a") == .notOfThisClient && limit.mayBegin(at: start, by: "d") == .yes)
    }

    @Test func whoeverBeginsTooManyIsToldSo() async {
        let flood = Browser(site)
        flood.client = "flood"
        for _ in 0..<5000 { #expect(await flood.get("/.lakegate/login/start").status == 303) }
        let answer = await flood.get("/.lakegate/login/start")
        #expect(
            answer.status == 429 && answer.one("Retry-After") == "60" && answer.text.contains("your network address"))
        #expect(await Browser(site).login().status == 303, "others sign in")
    }
}
