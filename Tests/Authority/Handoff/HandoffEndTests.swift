import Basics
import Foundation
import Sessions
import Testing

@testable import Authority

@Suite struct HandoffEndTests {
    private let site = Site()
    private var program: Backend { Backend(site: site) }

    private func confirmed() async throws -> (Browser, Asked) {
        let browser = Browser(site)
        _ = await browser.login()
        let asked = try await program.ask(["label": "<b>"])
        #expect(await browser.answer(asked, "allow").status == 200)
        return (browser, asked)
    }

    private func isOver(_ asked: Asked) async throws -> Bool {
        let meaning = try await site.handles.resolve(Secret(asked.handle), workspace: "prod").meaning
        guard case .refused(let reason) = meaning else { return false }
        return reason.contains("is over") && !reason.contains(asked.handle)
    }

    @Test func itsProgramEndsIt() async throws {
        let (browser, asked) = try await confirmed()
        let answer = await program.send("DELETE", "/.lakegate/handoffs/\(asked.id)")
        #expect(answer.status == 200 && answer.object["state"] as? String == "ended")
        #expect(try await isOver(asked))
        #expect(await program.state(of: asked) == "ended")
        #expect(await browser.get("/.lakegate/session").status == 200, "the person's browser goes on")
        #expect(await program.send("DELETE", "/.lakegate/handoffs/\(asked.id)").status == 200, "twice does no harm")
    }

    @Test func aPendingOneCanBeWithdrawn() async throws {
        let asked = try await program.ask()
        #expect(await program.send("DELETE", "/.lakegate/handoffs/\(asked.id)").status == 200)
        let browser = Browser(site)
        _ = await browser.login()
        #expect(await browser.answer(asked, "allow").status == 410)
    }

    @Test func thePersonTakesItBackOnTheSessionPage() async throws {
        let (browser, asked) = try await confirmed()
        let page = await browser.get("/.lakegate/session").text
        #expect(page.contains("Programs that work as you") && page.contains("ide-backend: &lt;b&gt;"))
        let key = page.components(separatedBy: "name=\"key\" value=\"").last?.prefix { $0 != "\"" } ?? ""
        let answer = await browser.post(
            "/.lakegate/session/tokens/revoke",
            [.init("form_token", await browser.formToken), .init("key", String(key))])
        #expect(answer.status == 303)
        #expect(try await isOver(asked))
        #expect(await program.state(of: asked) == "ended")
        #expect(!(await browser.get("/.lakegate/session").text.contains("ide-backend")))
    }

    @Test(arguments: ["yes", "person"])
    func signingOutEndsIt(reach: String) async throws {
        let (browser, asked) = try await confirmed()
        _ = await browser.post(
            "/.lakegate/logout", [.init("form_token", await browser.formToken), .init("everywhere", reach)])
        #expect(try await isOver(asked))
        #expect(await program.state(of: asked) == "ended")
        #expect(await program.send("DELETE", "/.lakegate/handoffs/\(asked.id)").status == 200)
    }

    @Test func itOutlivesTheBrowsersOwnSignOut() async throws {
        let (browser, asked) = try await confirmed()
        _ = await browser.post("/.lakegate/logout", [.init("form_token", await browser.formToken)])
        #expect(await program.state(of: asked) == "confirmed")
    }

    @Test func itEndsInItsOwnTime() async throws {
        let (_, asked) = try await confirmed()
        site.pass(.seconds(30 * 86400 - 1))
        #expect(await program.state(of: asked) == "confirmed")
        site.pass(.seconds(1))
        #expect(await program.state(of: asked) == "ended")
        #expect(try await isOver(asked))
    }

    @Test func aSessionThatNeedsALoginSaysSo() async throws {
        let (_, asked) = try await confirmed()
        site.keeper.state.withLock { state in
            for id in state.sessions.keys { state.sessions[id]?.standing = .loginNeeded(reason: "refused") }
        }
        let state = await program.look(at: asked)
        #expect(state["state"] as? String == "login_needed" && state["login_needed_reason"] as? String == "refused")
    }

    @Test func aStoreThatIsAwayIsNotAnEnd() async throws {
        let (browser, asked) = try await confirmed()
        site.handoffs.failure.withLock { $0 = .store(.unavailable("x")) }
        #expect(await program.send("GET", "/.lakegate/handoffs/\(asked.id)").status == 503)
        #expect(await program.send("POST", "/.lakegate/handoffs").status == 503)
        #expect(await browser.get(asked.page).status == 503)
        await #expect(throws: SessionError.self) {
            try await site.handles.resolve(Secret(asked.handle), workspace: "prod")
        }
    }

    @Test func aConfirmationThatCouldNotBeStoredLeavesNoKey() async throws {
        let browser = Browser(site)
        _ = await browser.login()
        let asked = try await program.ask()
        let form = await browser.formToken
        site.handoffs.replaceFailure.withLock { $0 = .store(.timedOut) }
        let answer = await browser.post(
            "/.lakegate/handoff", [.init("form_token", form), .init("code", asked.code), .init("answer", "allow")])
        #expect(answer.status == 503)
        #expect(site.keeper.state.withLock { $0.sessions.values.map(\.keys.count) } == [1])
    }
}
