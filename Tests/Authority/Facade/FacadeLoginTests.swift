import Basics
import Foundation
import Gate
import JOSE
import OAuth
import Sessions
import Testing

@testable import Authority

@Suite struct FacadeLoginTests {
    private let site = Site()

    private func signedIn() async -> Browser {
        let browser = Browser(site)
        _ = await browser.login()
        return browser
    }

    private func meaning(_ token: String?, workspace: String = "prod") async throws -> String {
        try await site.meaning(token ?? "", workspace: workspace)
    }

    @Test func aProgramLogsInThroughTheBrowser() async throws {
        let browser = Browser(site)
        let program = Program(site: site)
        let first = await browser.get(program.authorizeURL())
        #expect(first.status == 303)
        let login = first.one("Location")
        #expect(login.hasPrefix("https://prod.gate.example/.lakegate/login?return_to=%2Foidc%2Fv1%2Fauthorize%3F"))
        let back = FormCoding.decode(String(login.drop { $0 != "?" }.dropFirst()))?.only("return_to") ?? ""
        #expect(await browser.login(back).one("Location") == "https://prod.gate.example\(program.authorizeURL())")

        let page = await browser.get(back)
        #expect(page.status == 200 && page.text.contains("databricks-cli") && page.text.contains("ann@example.com"))
        #expect(page.text.contains("http://localhost:8020") && page.next == "")
        let answer = await program.authorize(in: browser)
        #expect(answer.only("state") == program.state && answer.only("iss") == "https://prod.gate.example/oidc")
        let tokens = Tokens(await program.token(program.codeForm(answer.only("code") ?? "")))
        #expect(tokens.status == 200 && tokens.type == "Bearer" && tokens.seconds == 3600)
        #expect(tokens.scope == "all-apis offline_access")
        #expect(try await meaning(tokens.access) == "key login")
        let keys = try #require(site.keeper.state.withLock { $0.sessions.values.first }).keys
        #expect(keys.map(\.kind) == [.browser, .login] && keys[1].label == "databricks-cli")
    }

    @Test func theRefreshTokenStaysTheSame() async throws {
        let program = Program(site: site)
        let first = await program.login(in: await signedIn())
        for id in ["databricks-cli", nil] {
            site.pass(.seconds(1800))
            let form = [FormCoding.Field("grant_type", "refresh_token"), .init("refresh_token", first.refresh ?? "")]
            let next = Tokens(await program.token(form + (id.map { [.init("client_id", $0)] } ?? [])))
            #expect(next.status == 200 && next.refresh == first.refresh && next.access != first.access)
            #expect(try await meaning(next.access) == "key login")
        }
    }

    @Test func aLoginInAnAccountIsForTheWorkspaceWhereItWasMade() async throws {
        let browser = Browser(site, account: "acme")
        _ = await browser.login()
        let (here, there) = (
            Program(site: site, account: "acme"), Program(site: site, workspace: "dev", account: "acme")
        )
        let tokens = await here.login(in: browser)
        let form = [FormCoding.Field("grant_type", "refresh_token"), .init("refresh_token", tokens.refresh ?? "")]
        #expect(Tokens(await here.token(form)).status == 200)
        let elsewhere = Tokens(await there.token(form))
        #expect(elsewhere.status == 400 && elsewhere.description == "Refresh token is invalid")
        let keys = try #require(site.keeper.state.withLock { $0.sessions.values.first }).keys
        #expect(keys.map(\.label) == ["", "databricks-cli @ prod"])
    }

    @Test func denyingIsAnAnswer() async {
        let browser = await signedIn()
        let answer = await Program(site: site).authorize(in: browser, decision: "deny")
        #expect(answer.only("error") == "access_denied" && answer.only("error_description") != nil)
        #expect(answer.only("code") == nil && answer.only("iss") == "https://prod.gate.example/oidc")
        #expect(site.keeper.state.withLock { $0.made } == 1)
    }

    @Test func anAppWithASecretLogsInToo() async {
        let program = Program(site: site, id: "portal", redirect: ClientFolder.portalRedirect)
        let answer = await program.authorize(in: await signedIn())
        let form = program.codeForm(answer.only("code") ?? "")
        let tokens = Tokens(await program.token(form + [.init("client_secret", site.folder.portal)]))
        #expect(tokens.status == 200 && tokens.refresh != nil)
        let renewal = [FormCoding.Field("grant_type", "refresh_token"), .init("refresh_token", tokens.refresh ?? "")]
        #expect(Tokens(await program.token(renewal)).error == "invalid_client")
        let basic = "Basic " + Data("portal:\(site.folder.portal)".utf8).base64EncodedString()
        #expect(await program.token(renewal, [(name: "authorization", value: basic)]).status == 200)
    }

    @Test(arguments: ["/oidc/v1/token", "/oidc/oauth2/v2.0/token"]) func aMachineGetsATokenForItself(path: String)
        async throws
    {
        let program = Program(site: site)
        let form = [FormCoding.Field("grant_type", "client_credentials"), .init("scope", "all-apis")]
        let inBody = form + [.init("client_id", "scheduler"), .init("client_secret", site.folder.scheduler)]
        let basic = "bAsic " + Data("scheduler:\(site.folder.scheduler)".utf8).base64EncodedString()
        for answer in [
            await program.token(inBody, path: path),
            await program.token(form, [(name: "authorization", value: basic)], path: path),
        ] {
            let tokens = Tokens(answer)
            #expect(tokens.status == 200 && tokens.refresh == nil && tokens.seconds == 3600)
            #expect(try await meaning(tokens.access) == "machine scheduler")
            #expect(try await meaning(tokens.access, workspace: "dev") == "refused")
        }
        #expect(try await meaning(site.folder.scheduler) == "machine scheduler")
        #expect(try await meaning(site.folder.scheduler, workspace: "dev") == "refused")
    }

    @Test func aChangedKeyCounts() async throws {
        let new = ClientKey.make(random: .system).reveal()
        #expect(try await meaning(site.folder.scheduler) == "machine scheduler")
        site.folder.write(new, "scheduler")
        site.pass(.seconds(2))
        #expect(try await meaning(site.folder.scheduler) == "refused")
        #expect(try await meaning(new) == "machine scheduler")
    }

    /// RFC 6749, section 4.1.2; also CVE-2023-27496, where a callback came twice.
    @Test func aCodeThatComesTwiceEndsItsLogin() async throws {
        let program = Program(site: site)
        let code = await program.authorize(in: await signedIn()).only("code") ?? ""
        let tokens = Tokens(await program.token(program.codeForm(code)))
        #expect(tokens.status == 200)
        #expect(Tokens(await program.token(program.codeForm(code))).error == "invalid_grant")
        #expect(try await meaning(tokens.access) == "refused")
        let renewal = [FormCoding.Field("grant_type", "refresh_token"), .init("refresh_token", tokens.refresh ?? "")]
        #expect(Tokens(await program.token(renewal)).description == "Refresh token is invalid")
        #expect(site.lines.contains { $0.contains("a code came twice") })
    }

    @Test func theSecondUseMayComeFirst() async throws {
        let program = Program(site: site)
        let code = await program.authorize(in: await signedIn()).only("code") ?? ""
        try await site.flows.put(site.authority.spentName(code), Secret([]), life: .seconds(60))
        #expect(Tokens(await program.token(program.codeForm(code))).error == "invalid_grant")
        #expect(site.keeper.state.withLock { $0.sessions.values.allSatisfy { $0.loginKeys.isEmpty } })
    }

    @Test func theSessionPageEndsALogin() async throws {
        let browser = await signedIn()
        let tokens = await Program(site: site).login(in: browser)
        let page = await browser.get("/.lakegate/session").text
        #expect(page.contains("Programs that work as you") && page.contains("aria-label=\"End databricks-cli\""))
        let session = try #require(site.keeper.state.withLock { $0.sessions.values.first })
        let form: [FormCoding.Field] = [
            .init("form_token", await browser.formToken), .init("key", session.loginKeys[0].publicID),
        ]
        #expect(await browser.post("/.lakegate/session/tokens/revoke", form).status == 303)
        #expect(await !browser.get("/.lakegate/session").text.contains("databricks-cli"))
        #expect(try await meaning(tokens.access) == "refused")
    }

    @Test func twentyLoginsOfAProgramAreKept() async {
        let browser = await signedIn()
        var kept: [Tokens] = []
        for _ in 0..<21 {
            site.pass(.seconds(1))
            kept.append(await Program(site: site).login(in: browser))
        }
        let statuses = await [kept[0], kept[1], kept[20]].asyncMap { tokens in
            let form = [FormCoding.Field("grant_type", "refresh_token"), .init("refresh_token", tokens.refresh ?? "")]
            return await Program(site: site).token(form).status
        }
        #expect(statuses == [400, 200, 200])
    }

    @Test func signingOutEndsTheLoginsOfPrograms() async throws {
        let browser = await signedIn()
        let tokens = await Program(site: site).login(in: browser)
        _ = await browser.post(
            "/.lakegate/logout", [.init("form_token", await browser.formToken), .init("everywhere", "yes")])
        #expect(try await meaning(tokens.access) == "refused")
    }

    @Test func tokensAreTakenAMinuteLonger() async throws {
        let tokens = await Program(site: site).login(in: await signedIn())
        site.pass(.seconds(3659))
        #expect(try await meaning(tokens.access) == "key login")
        site.pass(.seconds(2))
        #expect(try await meaning(tokens.access) == "refused")
    }

    @Test func exchangeGivesBackWhatWasBrought() async {
        let program = Program(site: site)
        let tokens = await program.login(in: await signedIn())
        site.pass(.seconds(600))
        for subject in [tokens.access ?? "", "dapi123", site.folder.scheduler] {
            let answer = Tokens(await program.token(exchange(subject)))
            #expect(answer.status == 200 && answer.access == subject && answer.refresh == nil)
            #expect(answer.seconds == (subject == tokens.access ? 3000 : 3600))
            #expect(answer.issuedType == "urn:ietf:params:oauth:token-type:access_token")
        }
    }

    private func exchange(_ subject: String) -> [FormCoding.Field] {
        [
            .init("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), .init("scope", "sql"),
            .init("subject_token", subject), .init("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
            .init("return_original_token_if_authenticated", "true"),
        ]
    }

    /// 47, own: what a program holds opens nothing at Databricks, and no token of Databricks leaves.
    @Test func noTokenOfDatabricksLeaves() async throws {
        let program = Program(site: site)
        let code = await program.authorize(in: await signedIn()).only("code") ?? ""
        let answer = await program.token(program.codeForm(code))
        #expect(!answer.text.contains("access-secret") && !answer.text.contains("refresh-secret"))
        let token = try #require(UnverifiedToken(Secret(Tokens(answer).access ?? "")))
        #expect(token.claims.issuer == "https://prod.gate.example/oidc" && token.claims.audiences == ["prod"])
        #expect(site.lines.allSatisfy { !$0.contains(code) && !$0.contains(Tokens(answer).refresh ?? "?") })
    }
}

extension Array {
    fileprivate func asyncMap<Value>(_ transform: (Element) async -> Value) async -> [Value] {
        var values: [Value] = []
        for element in self { values.append(await transform(element)) }
        return values
    }
}
