import Basics
import Foundation
import Sessions
import Testing

@testable import Authority

@Suite struct HandoffTests {
    private let site = Site()
    private var program: Backend { Backend(site: site) }

    private func signedIn() async -> Browser {
        let browser = Browser(site)
        _ = await browser.login()
        return browser
    }

    private func meaning(_ handle: String, at workspace: String = "prod") async throws -> String {
        "\(try await site.handles.resolve(Secret(handle), workspace: workspace).meaning)"
    }

    @Test func aPersonConfirmsAndTheHandleWorks() async throws {
        let asked = try await program.ask(["label": "Query editor", "for": "Ann@Example.com", "lifetime": 3600])
        #expect(asked.answer.status == 201)
        #expect(asked.answer.object["login_url"] as? String == "https://prod.gate.example\(asked.page)")
        #expect(asked.answer.object["expires_in"] as? Int == 600)
        #expect(asked.handle.hasPrefix("lkh_") && asked.handle.utf8.count == 68)
        #expect(try await meaning(asked.handle).contains("nobody has confirmed"))

        let browser = Browser(site)
        let toLogin = await browser.get(asked.page)
        #expect(toLogin.one("Location").hasSuffix("login?return_to=%2F.lakegate%2Fhandoff%3Fcode%3D\(asked.code)"))
        #expect(await browser.login(asked.page).one("Location") == "https://prod.gate.example\(asked.page)")
        let page = await browser.get(asked.page)
        #expect(page.status == 200 && page.one("Content-Security-Policy").contains("form-action 'self'"))
        for part in ["ide-backend", "Query editor", asked.code, "ann@example.com", "prod", "2027-01-15 09:00 UTC"] {
            #expect(page.text.contains(part), "\(part)")
        }
        #expect(await program.state(of: asked) == "pending", "looking is not answering")

        #expect(await browser.answer(asked, "allow").status == 200)
        let state = await program.look(at: asked)
        #expect(state["state"] as? String == "confirmed" && state["user"] as? String == "ann@example.com")
        #expect(state["login_needed_by"] as? String == "2027-01-15T09:00:00Z")
        #expect(state["session_ends_at"] as? String == "2027-02-14T08:00:00Z")
        guard
            case .key(_, let digest, .handle) = try await site.handles.resolve(Secret(asked.handle), workspace: "prod")
                .meaning
        else { return #expect(Bool(false), "the handle opens no session") }
        let session = try #require(try await site.keeper.load(SessionID(high: 0, low: 1)))
        #expect(
            session.keys.contains {
                $0.digest == digest && $0.kind == .handle && $0.label == "ide-backend: Query editor"
            })
    }

    @Test func aDeniedHandoffGivesNothing() async throws {
        let asked = try await program.ask()
        let browser = await signedIn()
        #expect(await browser.answer(asked, "deny").text.contains("given nothing"))
        #expect(await program.state(of: asked) == "denied")
        #expect(await browser.answer(asked, "allow").status == 410)
        #expect(try await meaning(asked.handle).contains("did not allow"))
    }

    @Test func aCodeIsGoodOnce() async throws {
        let asked = try await program.ask()
        let (first, second) = (await signedIn(), await signedIn())
        #expect(await first.answer(asked, "allow").status == 200)
        #expect(await first.get(asked.page).status == 410)
        #expect(await second.answer(asked, "allow").status == 410)
        #expect(await program.state(of: asked) == "confirmed")
        #expect(site.keeper.state.withLock { $0.sessions[SessionID(high: 0, low: 2)]?.keys.count } == 1)
    }

    @Test func aQuestionIsWithdrawnAfterTenMinutes() async throws {
        let asked = try await program.ask()
        let browser = await signedIn()
        site.pass(.seconds(600))
        #expect(await browser.get(asked.page).status == 410)
        #expect(await browser.answer(asked, "allow").status == 410)
        #expect(await program.state(of: asked) == "expired")
        #expect(try await meaning(asked.handle).contains("in time"))
    }

    @Test(arguments: ["notebooks", "scheduler"])
    func otherProgramsSeeNothing(name: String) async throws {
        let asked = try await program.ask()
        let other = Backend(site: site, name: name)
        let status = name == "notebooks" ? 404 : 403
        #expect(await other.send("GET", "/.lakegate/handoffs/\(asked.id)").status == status)
        #expect(await other.send("DELETE", "/.lakegate/handoffs/\(asked.id)").status == status)
        #expect(
            await Backend(site: site, workspace: "dev").send("GET", "/.lakegate/handoffs/\(asked.id)").status == 404)
        #expect(await program.state(of: asked) == "pending")
    }

    @Test(arguments: [("scheduler", 403), ("lkc_nobody", 401), ("lkc_", 401), ("foreign", 401), ("", 401)])
    func onlySomeProgramsMayAsk(bearer: String, status: Int) async {
        let program = Backend(site: site, name: bearer)
        let key = bearer == "scheduler" ? nil : bearer
        let answer = await program.send("POST", "/.lakegate/handoffs", bearer: key)
        #expect(answer.status == status && answer.object["error_code"] != nil)
        #expect(site.handoffs.stored.withLock { $0.isEmpty })
    }

    @Test func aPersonsOwnTokenAsksForNothing() async {
        _ = await signedIn()
        #expect(await program.send("POST", "/.lakegate/handoffs", bearer: "tok.1.1").status == 401)
    }

    @Test(arguments: [
        ("for=bob&lifetime=60", "application/x-www-form-urlencoded", 201), ("", nil, 201),
        ("{}", "application/json", 201),
        ("{", "application/json", 400), ("{\"lifetime\":-1}", "application/json", 400),
        ("{\"lifetime\":1e99}", "application/json", 400),
        ("lifetime=x", "application/x-www-form-urlencoded", 400), ("<x/>", "text/xml", 400), ("x=1", nil, 400),
        (String(repeating: "[", count: 60_000), "application/json", 400),
    ])
    func questionsAreReadStrictly(body: String, type: String?, status: Int) async {
        #expect(await program.send("POST", "/.lakegate/handoffs", body, type: type).status == status)
    }

    @Test func anotherReplicaHearsOfTheAnswerWhileAProgramWaits() async throws {
        let asked = try await program.ask()
        let browser = await signedIn()
        let (site, form) = (site, await browser.formToken)
        let cookies = browser.cookies
        site.meanwhile {
            let browser = Browser(site)
            browser.cookies = cookies
            _ = await browser.post(
                "/.lakegate/handoff",
                [.init("form_token", form), .init("code", asked.code), .init("answer", "allow")])
        }
        #expect(await program.state(of: asked, wait: 30) == "confirmed")
        #expect(site.now == Timestamp(milliseconds: Site.start + 1000), "answered at the first look")
    }

    @Test(arguments: [(30, 30), (0, 0), (1000, 60), (-5, 0)])
    func waitingEnds(asked seconds: Int, after: Int64) async throws {
        let asked = try await program.ask()
        #expect(await program.state(of: asked, wait: seconds) == "pending")
        #expect(site.now == Timestamp(milliseconds: Site.start + after * 1000))
    }

    @Test func manyWhoWaitAreAnsweredAtOnce() async {
        let watchers = Watchers(most: 2, mostEach: 1)
        let admitted = await watchers.admitting("a") { first in
            await watchers.admitting("a") { second in
                await watchers.admitting("b") { third in await watchers.admitting("c") { [first, second, third, $0] } }
            }
        }
        #expect(admitted == [true, false, true, false])
        #expect(await watchers.admitting("c") { $0 })
    }
}
