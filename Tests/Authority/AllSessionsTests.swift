import Basics
import Gate
import OAuth
import Sessions
import Testing

@testable import Authority

@Suite struct AllSessionsTests {
    private let site = Site()

    private func signedIn(_ name: String = "ann@example.com", workspace: String = "prod") async -> Browser {
        let browser = Browser(site, workspace: workspace)
        _ = await browser.login()
        site.keeper.state.withLock { state in
            guard let newest = state.sessions.keys.max(by: { $0.low < $1.low }) else { return }
            state.sessions[newest]?.person = Person(id: name, userName: name, displayName: name)
        }
        return browser
    }

    private func ids() -> [String] {
        site.keeper.state.withLock { $0.sessions.keys.sorted { $0.low < $1.low }.map(\.text) }
    }

    @Test func aPersonSeesTheirSessionsAndNobodyElses() async {
        let mine = await signedIn()
        _ = await signedIn()
        _ = await signedIn("bob@example.com")
        _ = await signedIn(workspace: "dev")
        let page = await mine.get("/.lakegate/sessions")
        let all = ids()
        #expect(page.status == 200 && page.text.contains("Where you are signed in") && page.text.contains("this one"))
        #expect(page.text.contains(all[1]) && !page.text.contains(all[0]), "the own one has no button")
        #expect(!page.text.contains(all[2]) && !page.text.contains(all[3]))
        #expect(!page.text.contains("tok."))
    }

    @Test func oneOfThemEndsWithAButton() async throws {
        let mine = await signedIn()
        let other = await signedIn()
        let answer = await mine.post(
            "/.lakegate/sessions/end", [.init("form_token", await mine.formToken), .init("session", ids()[1])])
        #expect(answer.status == 303 && answer.one("Location") == "https://prod.gate.example/.lakegate/sessions")
        #expect(await other.get("/.lakegate/session").status == 303)
        #expect(await mine.get("/.lakegate/session").status == 200)
        #expect(site.lines.contains { $0.contains("another session ended") })
    }

    @Test func nobodyElsesSessionEndsAndNoneIsSaidToBeThere() async {
        let mine = await signedIn()
        let bob = await signedIn("bob@example.com")
        let away = await signedIn(workspace: "dev")
        let token = await mine.formToken
        let unknown = SessionID(high: 7, low: 7).text
        for id in [ids()[1], ids()[2], unknown] {
            let answer = await mine.post("/.lakegate/sessions/end", [.init("form_token", token), .init("session", id)])
            #expect(answer.status == 303)
        }
        for browser in [bob, away] { #expect(await browser.get("/.lakegate/session").status == 200) }
    }

    @Test(arguments: ["", "nonsense", "own"])
    func anythingElseIsABadForm(_ text: String) async {
        let mine = await signedIn()
        let id = text == "own" ? ids()[0] : text
        let answer = await mine.post(
            "/.lakegate/sessions/end", [.init("form_token", await mine.formToken), .init("session", id)])
        #expect(answer.status == 400)
    }

    @Test func aForeignFormEndsNothing() async {
        let mine = await signedIn()
        let other = await signedIn()
        let fields: [FormCoding.Field] = [.init("form_token", await mine.formToken), .init("session", ids()[1])]
        #expect(await mine.post("/.lakegate/sessions/end", fields, from: "cross-site").status == 403)
        #expect(await mine.post("/.lakegate/sessions/end", Array(fields.dropFirst())).status == 403)
        #expect(await other.get("/.lakegate/session").status == 200)
    }

    @Test func theStoreIsNotWalkedWithoutEnd() async {
        let mine = await signedIn()
        for _ in 0..<30 { #expect(await mine.get("/.lakegate/sessions").status == 200) }
        let answer = await mine.get("/.lakegate/sessions")
        #expect(answer.status == 429 && answer.one("Retry-After") == "60")
        site.pass(.seconds(601))
        #expect(await mine.get("/.lakegate/sessions").status == 200)
    }

    @Test func whatDoesNotOpenIsSaid() async {
        let mine = await signedIn()
        site.keeper.state.withLock { $0.unreadable = 1 }
        #expect(await mine.get("/.lakegate/sessions").text.contains("tell the administrator"))
        site.keeper.state.withLock { $0.failure = .store(.unavailable("x")) }
        #expect(await mine.get("/.lakegate/sessions").status == 503)
    }

    @Test func strangersAreSentToTheLogin() async {
        #expect(await Browser(site).get("/.lakegate/sessions").status == 303)
        #expect(await Browser(site).send("GET", "/.lakegate/sessions", [], body: "").status == 401)
    }
}
