import Basics
import Foundation
import Gate
import OAuth
import Sessions
import Testing

@testable import Authority

/// Somebody gets a person, or a person's program, to use a session that is not theirs (login CSRF, confused deputy).
@Suite struct ConfusedDeputyTests {
    private let site = Site()
    private var program: Backend { Backend(site: site) }

    private func signedIn() async -> Browser {
        let browser = Browser(site)
        _ = await browser.login()
        return browser
    }

    /// Following a link that somebody sent gives nothing away, whatever it carries.
    @Test func aLinkConfirmsNothing() async throws {
        let asked = try await program.ask()
        let victim = await signedIn()
        for target in ["\(asked.page)&answer=allow", "\(asked.page)&answer=allow&form_token=\(await victim.formToken)"]
        {
            #expect(await victim.get(target).status == 200)
        }
        #expect(await program.state(of: asked) == "pending")
    }

    @Test(arguments: ["cross-site", "same-site", ""])
    func aFormOfAnotherSiteConfirmsNothing(from: String) async throws {
        let asked = try await program.ask()
        let victim = await signedIn()
        let answer = await victim.post(
            "/.lakegate/handoff",
            [.init("form_token", await victim.formToken), .init("code", asked.code), .init("answer", "allow")],
            from: from)
        #expect(answer.status == 403)
        #expect(await program.state(of: asked) == "pending")
    }

    /// The form of the attacker's own browser does not count in the victim's.
    @Test func aFormOfAnotherBrowserConfirmsNothing() async throws {
        let asked = try await program.ask()
        let (attacker, victim) = (await signedIn(), await signedIn())
        let form: [FormCoding.Field] = [
            .init("form_token", await attacker.formToken), .init("code", asked.code), .init("answer", "allow"),
        ]
        #expect(await victim.post("/.lakegate/handoff", form).status == 403)
        #expect(await program.state(of: asked) == "pending")
    }

    @Test func whoIsNotMeantCannotConfirm() async throws {
        let asked = try await program.ask(["for": "bob@example.com"])
        let attacker = await signedIn()
        let page = await attacker.get(asked.page)
        #expect(page.status == 403 && page.text.contains("bob@example.com") && page.text.contains("ann@example.com"))
        #expect(page.text.contains("return_to=%2F.lakegate%2Fhandoff%3Fcode%3D\(asked.code)"))
        #expect(!page.text.contains("<form"))
        #expect(await attacker.answer(asked, "allow").status == 403)
        #expect(await attacker.answer(asked, "deny").status == 403)
        #expect(await program.state(of: asked) == "pending")
    }

    @Test func codesCannotBeTriedOut() async throws {
        let asked = try await program.ask()
        let (attacker, other) = (await signedIn(), Browser(site, workspace: "dev"))
        for _ in 0..<10 { #expect(await attacker.get("/.lakegate/handoff?code=BBBB-BBBB").status == 404) }
        #expect(await attacker.get(asked.page).status == 429)
        #expect(await attacker.answer(asked, "allow").status == 429)
        #expect(await Browser(site).get(asked.page).status == 303, "nobody else is locked out")
        _ = await other.login()
        site.pass(.seconds(599))
        #expect(await attacker.get(asked.page).status == 429)
        site.pass(.seconds(1))
        #expect(await attacker.get("/.lakegate/handoff?code=BBBB-BBBB").status == 404)
    }

    @Test func aCodeOpensNothingAtAnotherWorkspace() async throws {
        let asked = try await program.ask()
        let other = Browser(site, workspace: "dev")
        _ = await other.login()
        #expect(await other.get(asked.page).status == 404)
        #expect(await other.answer(asked, "allow").status == 404)
    }

    @Test func anotherHandleOfTheSameIdOpensNothing() async throws {
        let asked = try await program.ask()
        #expect(await signedIn().answer(asked, "allow").status == 200)
        let bytes = try #require(Base64URL.decode(String(asked.handle.dropFirst(4))))
        for place in 0..<bytes.count {
            var forged = bytes
            forged[place] ^= 1
            let handle = "lkh_\(Base64URL.encode(forged))"
            guard case .refused = try await site.handles.resolve(Secret(handle), workspace: "prod").meaning else {
                Issue.record("byte \(place) does not count")
                return
            }
        }
        guard case .refused = try await site.handles.resolve(Secret(asked.handle), workspace: "dev").meaning else {
            Issue.record("works at another workspace")
            return
        }
    }

    /// Neither the store nor the log has what opens a session.
    @Test func theHandleIsKeptNowhere() async throws {
        let asked = try await program.ask()
        #expect(await signedIn().answer(asked, "allow").status == 200)
        let secret = try #require(Base64URL.decode(String(asked.handle.dropFirst(4)))).dropFirst(16)
        let traces = site.handoffs.stored.withLock {
            $0.values.map { String(decoding: $0.bytes.reveal(), as: UTF8.self) }
        }
        for trace in traces + site.lines {
            #expect(!trace.contains(asked.handle) && !trace.contains(Base64URL.encode(Array(secret))))
        }
        #expect(site.lines.contains { $0.contains("hand-off confirmed") && $0.contains("ide-backend") })
    }

    @Test func aHandleIsNoSessionTokenAndNoCookie() async throws {
        let asked = try await program.ask()
        #expect(await signedIn().answer(asked, "allow").status == 200)
        let thief = Browser(site)
        thief.cookies["__Host-lakegate"] = asked.handle
        #expect(await thief.get(asked.page).status == 303)
        #expect(await program.send("GET", "/.lakegate/session", bearer: asked.handle).status == 401)
        #expect(await program.send("POST", "/.lakegate/handoffs", bearer: asked.handle).status == 401)
    }
}
