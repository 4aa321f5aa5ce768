import Basics
import OAuth
import Testing

@testable import Authority

/// Nobody's program is logged in without that person's word.
@Suite struct ConsentTests {
    private let site = Site()

    private func signedIn() async -> Browser {
        let browser = Browser(site)
        _ = await browser.login()
        return browser
    }

    private func form(_ browser: Browser, _ program: Program) async -> [FormCoding.Field] {
        [
            .init("form_token", await browser.formToken), .init("request", FormCoding.encode(program.ask)),
            .init("decision", "allow"),
        ]
    }

    /// CVE-2026-27124: a stranger's link, opened in a browser that is signed in.
    @Test(arguments: ["cross-site", "same-site", "none", "same-origin"]) func aLinkAloneGivesNothing(from: String) async
    {
        let browser = await signedIn()
        let answer = await browser.get(Program(site: site).authorizeURL(), [(name: "sec-fetch-site", value: from)])
        #expect(answer.status == 200 && answer.one("Location") == "" && answer.next == "")
        #expect(answer.text.contains("method=\"post\"") && !answer.text.contains("code="))
        #expect(answer.one("Content-Security-Policy").contains("frame-ancestors 'none'"))
        #expect(answer.one("X-Frame-Options") == "DENY")
    }

    @Test(arguments: ["cross-site", "same-site", ""]) func aFormOfAnotherSiteGivesNothing(from: String) async {
        let browser = await signedIn()
        let answer = await browser.post("/oidc/v1/consent", await form(browser, Program(site: site)), from: from)
        #expect(answer.status == 403 && answer.next == "")
    }

    @Test func aFormOfAnotherSessionGivesNothing() async {
        let (mine, theirs) = (await signedIn(), await signedIn())
        #expect(await mine.post("/oidc/v1/consent", await form(theirs, Program(site: site))).status == 403)
        let without = await form(mine, Program(site: site)).filter { $0.name != "form_token" }
        #expect(await mine.post("/oidc/v1/consent", without).status == 403)
        #expect(await Browser(site).post("/oidc/v1/consent", await form(mine, Program(site: site))).status == 401)
    }

    @Test(arguments: ["deny", "", "Allow", "allow ", "yes"]) func onlyAllowAllows(decision: String) async {
        let answer = await Program(site: site).authorize(in: await signedIn(), decision: decision)
        #expect(answer.only("error") == "access_denied" && answer.only("code") == nil)
    }

    @Test(arguments: ["", "x", "client_id=databricks-cli", "%zz"]) func aFormWithoutARequestGivesNothing(text: String)
        async
    {
        let browser = await signedIn()
        let fields: [FormCoding.Field] = [
            .init("form_token", await browser.formToken), .init("request", text), .init("decision", "allow"),
        ]
        let answer = await browser.post("/oidc/v1/consent", fields)
        #expect(answer.status == 400 && answer.next == "")
    }

    /// CVE-2021-32792: what a client says is text.
    @Test func nothingOfTheRequestIsMarkup() async {
        let browser = await signedIn()
        let program = Program(site: site, state: "\"><script>alert(1)</script>'&;url=https://evil.example")
        let page = await browser.get(program.authorizeURL())
        #expect(!page.text.contains("<script") && page.status == 200)
        let answer = await browser.post("/oidc/v1/consent", await form(browser, program))
        #expect(!answer.text.contains("<script") && answer.next.hasPrefix("http://localhost:8020?code="))
        let back = FormCoding.decode(String(answer.next.drop { $0 != "?" }.dropFirst())) ?? []
        #expect(back.only("state") == program.state)
        #expect(answer.one("Referrer-Policy") == "no-referrer" && answer.one("Cache-Control") == "no-store")
    }

    /// Pomerium's and RFC 9207's mix-up: every answer names its issuer, the host that the client used.
    @Test func everyAnswerNamesItsIssuer() async {
        for workspace in ["prod", "dev"] {
            let browser = Browser(site, workspace: workspace)
            _ = await browser.login()
            let program = Program(site: site, workspace: workspace)
            for decision in ["allow", "deny"] {
                let answer = await program.authorize(in: browser, decision: decision)
                #expect(answer.only("iss") == "https://\(workspace).gate.example/oidc")
            }
        }
    }

    /// A session of one workspace says nothing at another.
    @Test func aSessionOfAnotherWorkspaceIsNone() async {
        let browser = await signedIn()
        let stranger = Browser(site, workspace: "dev")
        stranger.cookies = browser.cookies
        let answer = await stranger.get(Program(site: site, workspace: "dev").authorizeURL())
        #expect(answer.one("Location").hasPrefix("https://dev.gate.example/.lakegate/login"))
    }

    @Test func whoeverMustLogInAgainDoes() async {
        let browser = await signedIn()
        site.keeper.state.withLock { state in
            for id in state.sessions.keys { state.sessions[id]?.standing = .loginNeeded(reason: "over") }
        }
        #expect(await browser.get(Program(site: site).authorizeURL()).one("Location").contains("/.lakegate/login"))
    }

    @Test func aRequestTooLongToComeBackToIsRefused() async {
        let program = Program(site: site, state: String(repeating: "s", count: 3000))
        let answer = await Browser(site).get(program.authorizeURL())
        #expect(answer.one("Location").contains("error=invalid_request"))
    }

    @Test func aStoreThatIsAwayIsSaid() async {
        let browser = await signedIn()
        let fields = await form(browser, Program(site: site))
        site.flows.failure.withLock { $0 = .store(.timedOut) }
        #expect(await browser.post("/oidc/v1/consent", fields).next.contains("error=temporarily_unavailable"))
        site.keeper.state.withLock { $0.failure = .store(.timedOut) }
        let answer = await browser.get(Program(site: site).authorizeURL())
        #expect(answer.status == 503 && answer.one("Retry-After") == "5")
    }
}
