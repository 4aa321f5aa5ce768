import Basics
import Gate
import Testing

@testable import Authority

@Suite struct AccountLoginTests {
    private let site = Site()

    private func browser(at workspace: String, of account: String? = "acme") -> Browser {
        Browser(site, workspace: workspace, account: account)
    }

    @Test func aSessionOpensTheOtherWorkspacesOfItsAccount() async {
        let (first, second) = (browser(at: "prod"), browser(at: "dev"))
        _ = await first.login()
        second.cookies = first.cookies
        let page = await second.get("/.lakegate/session")
        #expect(page.status == 200)
        #expect(page.text.contains("Workspace dev") && page.text.contains("every workspace of the account “acme”"))
    }

    @Test func aSessionOpensNoWorkspaceBesides() async {
        let (first, second, third) = (browser(at: "prod"), browser(at: "dev", of: nil), browser(at: "dev", of: "other"))
        _ = await first.login()
        (second.cookies, third.cookies) = (first.cookies, first.cookies)
        #expect(await second.get("/.lakegate/session").status == 303)
        #expect(await third.get("/.lakegate/session").status == 303)
    }

    @Test func aWorkspacesOwnSessionOpensNoAccount() async {
        let (first, second) = (browser(at: "prod", of: nil), browser(at: "prod"))
        _ = await first.login()
        second.cookies = first.cookies
        #expect(await second.get("/.lakegate/session").status == 303)
    }

    @Test func aLoginThatBeganAtOneHostEndsAtNoOther() async {
        let (first, second) = (browser(at: "prod"), browser(at: "dev"))
        let asked = await first.start()
        second.cookies = first.cookies
        #expect(await second.finish(asked).status == 400)
    }

    @Test func programsReadOfTheAccount() async {
        let browser = browser(at: "prod")
        _ = await browser.login()
        let answer = await browser.send("GET", "/.lakegate/session", [], body: "")
        #expect(answer.text.contains("\"account\":\"acme\"") && answer.text.contains("\"workspace\":\"prod\""))
    }

    @Test func signingOutEverywhereReachesEveryWorkspace() async {
        let (first, second) = (browser(at: "prod"), browser(at: "dev"))
        _ = await first.login()
        _ = await second.login()
        let answer = await second.post(
            "/.lakegate/logout", [.init("form_token", await second.formToken), .init("everywhere", "person")])
        #expect(answer.text.contains("2 sessions of yours ended here"))
        #expect(site.keeper.state.withLock { $0.sessions.isEmpty })
    }
}
