import Basics
import Foundation
import Gate
import OAuth
import Sessions
import Testing

@testable import Authority

@Suite struct DeviceGrantTests {
    private let site = Site()
    private var program: Program { Program(site: site) }

    private func ask(_ program: Program, _ more: [FormCoding.Field] = []) async -> LocalResponse {
        await program.token([.init("client_id", program.id)] + more, path: "/oidc/v1/device_authorization")
    }

    private func poll(_ device: LocalResponse, as program: Program? = nil, _ more: [FormCoding.Field] = []) async
        -> Tokens
    {
        let program = program ?? self.program
        return Tokens(
            await program.token(
                [
                    .init("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                    .init("device_code", device.object["device_code"] as? String ?? ""), .init("client_id", program.id),
                ] + more))
    }

    private func say(_ answer: String, to device: LocalResponse, in browser: Browser) async -> LocalResponse {
        await browser.post(
            "/.lakegate/handoff",
            [
                .init("form_token", await browser.formToken),
                .init("code", device.object["user_code"] as? String ?? ""), .init("answer", answer),
            ])
    }

    private func signedIn() async -> Browser {
        let browser = Browser(site)
        _ = await browser.login()
        return browser
    }

    @Test func aPersonLetsADeviceIn() async throws {
        let device = await ask(program)
        #expect(device.status == 200)
        #expect(device.object["verification_uri"] as? String == "https://prod.gate.example/.lakegate/device")
        #expect(device.object["expires_in"] as? Int == 600 && device.object["interval"] as? Int == 5)
        #expect(await poll(device).error == "authorization_pending")
        let browser = await signedIn()
        let typed = (device.object["user_code"] as? String ?? "").lowercased().replacing("-", with: " ")
        let page = await browser.get("/.lakegate/device?code=\(PercentCoding.encode(typed))")
        #expect(page.text.contains("databricks-cli") && page.text.contains("ann@example.com"))
        #expect(await say("allow", to: device, in: browser).status == 200)
        site.pass(.seconds(5))
        let tokens = await poll(device)
        #expect(tokens.access?.hasPrefix("eyJ") == true && tokens.seconds == 3600 && tokens.refresh != nil)
        #expect(await browser.get("/.lakegate/session").text.contains("databricks-cli"))
        #expect(await poll(device).error == "invalid_grant", "a device code is good once")
        #expect(site.keeper.state.withLock { $0.sessions.values.map(\.keys.count) } == [2])
    }

    @Test func ourOwnCommandGetsASessionToken() async throws {
        let command = Program(site: site, id: "lakegate-login")
        let device = await ask(command, [.init("label", "ann-laptop")])
        let browser = await signedIn()
        #expect(await say("allow", to: device, in: browser).status == 200)
        let tokens = await poll(device, as: command)
        #expect(tokens.seconds == 30 * 86400 && tokens.refresh == nil && tokens.type == "Bearer")
        let answer = await Browser(site).send(
            "GET", "/.lakegate/session", [(name: "authorization", value: "Bearer \(tokens.access ?? "")")], body: "")
        #expect(answer.status == 200 && answer.text.contains("lakegate login on ann-laptop"))
        #expect(await browser.get(Program(site: site, id: "lakegate-login").authorizeURL()).status == 400)
    }

    @Test func denialAndExpiryAreTold() async {
        let (denied, late) = (await ask(program), await ask(program))
        _ = await say("deny", to: denied, in: await signedIn())
        #expect(await poll(denied).error == "access_denied")
        site.pass(.seconds(600))
        #expect(await poll(late).error == "expired_token")
        #expect(await poll(denied).error == "expired_token")
    }

    @Test func whoAsksTooOftenIsSlowedDown() async {
        let device = await ask(program)
        #expect(await poll(device).error == "authorization_pending")
        #expect(await poll(device).error == "slow_down")
        site.pass(.seconds(4))
        #expect(await poll(device).error == "authorization_pending")
    }

    @Test func theCodeIsOfItsClientAlone() async {
        let device = await ask(program)
        _ = await say("allow", to: device, in: await signedIn())
        let other = Program(site: site, id: "dbt-databricks")
        #expect(await poll(device, as: other).error == "invalid_grant")
        #expect(await poll(device, as: Program(site: site, workspace: "dev")).error == "invalid_grant")
        #expect(await poll(device).access != nil)
    }

    @Test func machineClientsProveThemselvesAndNeedLeave() async {
        let ide = Program(site: site, id: "ide-backend")
        #expect(Tokens(await ask(ide)).error == "invalid_client")
        #expect(Tokens(await ask(Program(site: site, id: "nobody"))).error == "invalid_client")
        let scheduler = Program(site: site, id: "scheduler")
        #expect(
            Tokens(await ask(scheduler, [.init("client_secret", site.folder.scheduler)])).error == "unauthorized_client"
        )
        let secret = FormCoding.Field("client_secret", site.folder.ide)
        let device = await ask(ide, [secret])
        _ = await say("allow", to: device, in: await signedIn())
        #expect(await poll(device, as: ide).error == "invalid_client")
        #expect(await poll(device, as: ide, [secret]).access != nil)
    }

    @Test func aDeviceCodeIsNoHandle() async throws {
        let device = await ask(program)
        _ = await say("allow", to: device, in: await signedIn())
        let code = device.object["device_code"] as? String ?? ""
        let handle = "lkh_" + code.dropFirst(4)
        guard case .refused = try await site.handles.resolve(Secret(handle), workspace: "prod").meaning else {
            Issue.record("works as a handle")
            return
        }
    }

    @Test func theEndOfTheSessionEndsIt() async {
        let device = await ask(program)
        let browser = await signedIn()
        _ = await say("allow", to: device, in: browser)
        _ = await browser.post(
            "/.lakegate/logout", [.init("form_token", await browser.formToken), .init("everywhere", "yes")])
        #expect(await poll(device).error == "invalid_grant")
    }

    @Test func aStoreThatIsAwayCostsNobodyTheCode() async {
        let device = await ask(program)
        _ = await say("allow", to: device, in: await signedIn())
        site.handoffs.replaceFailure.withLock { $0 = .store(.timedOut) }
        let answer = await poll(device)
        #expect(answer.error == "temporarily_unavailable" && answer.status == 503)
        #expect(site.keeper.state.withLock { $0.sessions.values.map(\.keys.count) } == [1])
        site.handoffs.replaceFailure.withLock { $0 = nil }
        #expect(await poll(device).access != nil)
    }
}
