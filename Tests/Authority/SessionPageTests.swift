import Basics
import Foundation
import Gate
import OAuth
import Sessions
import Testing

@testable import Authority

@Suite struct SessionPageTests {
    private let site = Site()

    private func signedIn() async -> Browser {
        let browser = Browser(site)
        _ = await browser.login()
        return browser
    }

    private func bearer(_ token: String) async -> LocalResponse {
        await Browser(site).send(
            "GET", "/.lakegate/session", [(name: "authorization", value: "Bearer \(token)")], body: "")
    }

    @Test func thePageSaysWhoIsSignedIn() async {
        let answer = await signedIn().get("/.lakegate/session")
        #expect(answer.status == 200)
        #expect(answer.text.contains("Signed in as Ann &lt;b&gt;&amp;&quot;&#39;"))
        #expect(answer.text.contains("ann@example.com"))
        #expect(!answer.text.contains("access-secret") && !answer.text.contains("refresh-secret"))
        #expect(!answer.text.contains("tok.1.1"), "the cookie is not on the page")
    }

    @Test func programsGetJSON() async throws {
        let browser = await signedIn()
        let answer = await browser.send("GET", "/.lakegate/session", [], body: "")
        #expect(answer.one("Content-Type") == "application/json")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
        #expect(document["workspace"] as? String == "prod")
        #expect((document["user"] as? [String: String])?["user_name"] == "ann@example.com")
        #expect(document["ends_at"] as? String == "2027-02-14T08:00:00Z")
        #expect(!answer.text.contains("secret") && !answer.text.contains("tok."))
    }

    @Test func nobodyIsToldHowToSignIn() async {
        let person = await Browser(site).get("/.lakegate/session")
        #expect(person.status == 303)
        #expect(
            person.one("Location") == "https://prod.gate.example/.lakegate/login?return_to=%2F.lakegate%2Fsession")
        let program = await Browser(site).send("GET", "/.lakegate/session", [], body: "")
        #expect(program.status == 401)
        #expect(program.one("WWW-Authenticate").hasPrefix("Bearer"))
        #expect(program.text.contains(#""error_code":"UNAUTHENTICATED""#))
        #expect(program.text.contains(#""login_url":"https://prod.gate.example/.lakegate/login""#))
    }

    @Test func aStoreThatIsAwaySignsNobodyOut() async {
        let browser = await signedIn()
        site.keeper.state.withLock { $0.failure = .store(.unavailable("x")) }
        let answer = await browser.get("/.lakegate/session")
        #expect(answer.status == 503 && answer.one("Retry-After") == "5" && answer.all("Set-Cookie").isEmpty)
        #expect(await browser.post("/.lakegate/logout", []).status == 503)
    }

    @Test(arguments: ["", "tok.1.2", "tok.9.1", "tok.1", "nonsense", "tok.1.1; x", "\u{fffd}"])
    func aForgedCookieOpensNothing(value: String) async {
        let browser = await signedIn()
        browser.cookies["__Host-lakegate"] = value
        let open = await browser.get("/.lakegate/session").status == 200
        #expect(open == (value == "tok.1.1; x"), "only what the browser was given")
    }

    @Test("oauth2-proxy #2163, #2606: two session cookies are none, and a thousand login cookies no loop")
    func twoSessionCookiesAreNone() async {
        let browser = await signedIn()
        let twice = [(name: "cookie", value: "__Host-lakegate=tok.1.1; a=b; __Host-lakegate=tok.1.1")]
        browser.cookies = [:]
        #expect(await browser.get("/.lakegate/session", twice).status == 303)
        let many = (0..<1000).map { "__Host-lakegate-login=\($0)" }.joined(separator: "; ")
        #expect(await browser.get("/.lakegate/login/start", [(name: "cookie", value: many)]).status == 303)
    }

    @Test func aSessionOpensItsOwnWorkspaceOnly() async {
        let browser = await signedIn()
        let other = Browser(site, workspace: "dev")
        other.cookies = browser.cookies
        #expect(await other.get("/.lakegate/session").status == 303)
    }

    @Test func aSessionEnds() async {
        let browser = await signedIn()
        site.pass(.seconds(30 * 86400))
        #expect(await browser.get("/.lakegate/session").status == 303)
    }

    @Test func aTokenIsShownOnceAndRevoked() async throws {
        let browser = await signedIn()
        let made = await browser.post(
            "/.lakegate/session/tokens",
            [.init("form_token", await browser.formToken), .init("label", "<dbt>"), .init("life", "7")])
        #expect(made.status == 200)
        #expect(made.text.contains("export DATABRICKS_HOST=https://prod.gate.example"))
        #expect(made.text.contains("export DATABRICKS_TOKEN=tok.1.2"))
        #expect(await bearer("tok.1.2").status == 200)
        let page = await browser.get("/.lakegate/session").text
        #expect(!page.contains("tok.1.2") && page.contains("&lt;dbt&gt;") && page.contains("2027-01-22 08:00 UTC"))
        let revoke: [FormCoding.Field] = [.init("form_token", await browser.formToken), .init("key", "2")]
        #expect(await browser.post("/.lakegate/session/tokens/revoke", revoke).status == 303)
        #expect(await bearer("tok.1.2").status == 401)
        #expect(await browser.post("/.lakegate/session/tokens/revoke", revoke).status == 303, "twice is no error")
    }

    @Test func aKeyWorksOnlyTheWayItWasMadeFor() async {
        let browser = await signedIn()
        #expect(await bearer("tok.1.1").status == 401, "a cookie is no bearer")
        let form: [FormCoding.Field] = [
            .init("form_token", await browser.formToken), .init("label", "x"), .init("life", "1"),
        ]
        _ = await browser.post("/.lakegate/session/tokens", form)
        browser.cookies["__Host-lakegate"] = "tok.1.2"
        #expect(await browser.get("/.lakegate/session").status == 303, "a session token is no cookie")
    }

    @Test func theBrowsersKeyCannotBeRevokedAsAToken() async {
        let browser = await signedIn()
        _ = await browser.post(
            "/.lakegate/session/tokens/revoke", [.init("form_token", await browser.formToken), .init("key", "1")])
        #expect(await browser.get("/.lakegate/session").status == 200)
    }

    @Test(arguments: [("", "7"), ("  \n", "7"), ("x", "8"), ("x", ""), ("x", "-1")])
    func aTokenNeedsLabelAndLife(label: String, life: String) async {
        let browser = await signedIn()
        let answer = await browser.post(
            "/.lakegate/session/tokens",
            [.init("form_token", await browser.formToken), .init("label", label), .init("life", life)])
        #expect(answer.status == 400)
    }

    @Test func thereAreAtMostTwentyTokens() async {
        let browser = await signedIn()
        let form: [FormCoding.Field] = [
            .init("form_token", await browser.formToken), .init("label", "x"), .init("life", "1"),
        ]
        for _ in 0..<20 { #expect(await browser.post("/.lakegate/session/tokens", form).status == 200) }
        #expect(await browser.post("/.lakegate/session/tokens", form).status == 400)
    }

    @Test(
        "CVE-2025-55162: signing out takes the cookie away with the attributes it was set with, and ends this browser only"
    ) func signingOutEndsThisBrowserOnly() async {
        let browser = await signedIn()
        let token: FormCoding.Field = .init("form_token", await browser.formToken)
        _ = await browser.post("/.lakegate/session/tokens", [token, .init("label", "x"), .init("life", "1")])
        let old = browser.cookies
        let out = await browser.post("/.lakegate/logout", [token])
        #expect(out.status == 200)
        #expect(out.one("Set-Cookie") == "__Host-lakegate=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
        browser.cookies = old
        #expect(await browser.get("/.lakegate/session").status == 303, "the old cookie is dead")
        #expect(await bearer("tok.1.2").status == 200)
    }

    @Test func signingOutEverywhereEndsTokensToo() async {
        let browser = await signedIn()
        let token: FormCoding.Field = .init("form_token", await browser.formToken)
        _ = await browser.post("/.lakegate/session/tokens", [token, .init("label", "x"), .init("life", "1")])
        #expect(await browser.post("/.lakegate/logout", [token, .init("everywhere", "yes")]).status == 200)
        #expect(await bearer("tok.1.2").status == 401)
    }

    @Test func signingOutEverywhereReachesOtherDevices() async throws {
        let (browser, phone) = (await signedIn(), await signedIn())
        let other = Browser(site, workspace: "dev")
        _ = await other.login()
        let page = await browser.get("/.lakegate/session").text
        #expect(page.contains("Sign out everywhere") && page.contains(#"name="everywhere" value="person""#))
        let token: FormCoding.Field = .init("form_token", await browser.formToken)
        let everywhere: FormCoding.Field = .init("everywhere", "person")
        #expect(await browser.post("/.lakegate/logout", [token, everywhere], from: "cross-site").status == 403)
        #expect(await browser.post("/.lakegate/logout", [.init("form_token", "x"), everywhere]).status == 403)
        #expect(await browser.post("/.lakegate/logout", [token, .init("everywhere", "all")]).status == 400)
        #expect(await phone.get("/.lakegate/session").status == 200)
        let out = await browser.post("/.lakegate/logout", [token, everywhere])
        #expect(out.status == 200 && out.text.contains("2 sessions of yours ended here"))
        #expect(out.one("Set-Cookie").contains("Max-Age=0"))
        #expect(await phone.get("/.lakegate/session").status == 303)
        #expect(await other.get("/.lakegate/session").status == 200, "another workspace's goes on")
    }

    @Test func signingOutEverywhereSaysWhatItCouldNotDo() async throws {
        let browser = await signedIn()
        let fields: [FormCoding.Field] = [
            .init("form_token", await browser.formToken), .init("everywhere", "person"),
        ]
        site.keeper.state.withLock { $0.unreadable = 2 }
        let out = await browser.post("/.lakegate/logout", fields)
        #expect(out.status == 200 && out.text.contains("Some sessions could not be read"))
        #expect(site.lines.contains { $0.contains("2 do not open") })
    }

    @Test func aSessionThatEndsSoonSaysSo() async throws {
        let browser = await signedIn()
        #expect(await !browser.get("/.lakegate/session").text.contains("This session ends at"))
        site.pass(.seconds(29 * 86400))
        let page = await browser.get("/.lakegate/session").text
        #expect(page.contains("This session ends at 2027-02-14 08:00 UTC") && page.contains("Sign in anew"))
    }

    @Test func aSessionThatNeedsALoginSaysSo() async {
        let browser = await signedIn()
        site.keeper.state.withLock { state in
            for id in state.sessions.keys { state.sessions[id]?.standing = .loginNeeded(reason: "<revoked>") }
        }
        let page = await browser.get("/.lakegate/session").text
        #expect(page.contains("&lt;revoked&gt;") && page.contains("Sign in again"))
        let told = await browser.send("GET", "/.lakegate/session", [], body: "").text
        #expect(told.contains(#""login_needed":true,"login_needed_reason":"<revoked>""#))
    }
}
