import Basics
import Foundation
import JOSE
import OAuth
import Sessions
import Testing

@testable import Authority

/// What bearers open, and what they do not.
@Suite struct BearerTests {
    private let site = Site()

    private func login(_ workspace: String = "prod") async -> Tokens {
        let browser = Browser(site, workspace: workspace)
        _ = await browser.login()
        return await Program(site: site, workspace: workspace).login(in: browser)
    }

    private func changed(_ token: String, _ change: (inout [String]) -> Void) -> String {
        var parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        change(&parts)
        return parts.joined(separator: ".")
    }

    private func payload(_ json: String) -> String { Base64URL.encode(Array(json.utf8)) }

    /// CVE-2022-29226: any bearer, if only there is one.
    @Test(arguments: ["", "x", "Bearer", "lkg_x", "dapi0123456789", "eyJ", "eyJ.eyJ.eyJ", "eyJhbGciOiJub25lIn0.e30."])
    func whatIsNotOursIsForeign(text: String) async throws {
        #expect(try await site.meaning(text) == "foreign")
    }

    @Test(arguments: [
        "lkc_", "lkc_x", "lkc_" + String(repeating: "A", count: 43), "lkc_" + String(repeating: "A", count: 99),
    ])
    func whatLooksLikeAKeyIsRefused(text: String) async throws {
        #expect(try await site.meaning(text) == "refused")
    }

    /// CVE-2021-29651: unsigned, though it names us.
    @Test(arguments: [
        "https://prod.gate.example/oidc", "https://prod.gate.example:8443/oidc", "https://PROD.gate.example/oidc",
        "https://dev.gate.example/oidc",
    ]) func aTokenInOurNameHasToBeOurs(issuer: String) async throws {
        let header = payload(#"{"alg":"none"}"#)
        let claims = payload(#"{"iss":"\#(issuer)","aud":"prod","sub":"a","exp":9999999999,"client_id":"scheduler"}"#)
        #expect(try await site.meaning("\(header).\(claims).") == "refused")
        #expect(try await site.meaning("\(header).\(claims).AAAA") == "refused")
    }

    @Test(arguments: [
        "https://prod.gate.example", "https://prod.gate.example/oidc/", "http://prod.gate.example/oidc",
        "https://prod.gate.example:x/oidc", "https://prod.gate.example.evil.example/oidc",
        "https://evil.example/oidc", "https://prod.gate.example@evil.example/oidc", "https://prod.gate.example:/oidc",
        "https://a/https://prod.gate.example/oidc", "",
    ]) func aTokenInAnothersNameIsForeign(issuer: String) async throws {
        let claims = payload(#"{"iss":"\#(issuer)","aud":"prod","sub":"a","exp":9999999999,"client_id":"scheduler"}"#)
        #expect(try await site.meaning("\(payload(#"{"alg":"none"}"#)).\(claims).AAAA") == "foreign")
    }

    /// CVE-2025-69196: what is for one workspace is nothing at another.
    @Test func anotherWorkspaceIsAnotherPlace() async throws {
        let (prod, dev) = (await login(), await login("dev"))
        #expect(try await site.meaning(prod.access ?? "", workspace: "prod") == "key login")
        #expect(try await site.meaning(prod.access ?? "", workspace: "dev") == "refused")
        #expect(try await site.meaning(dev.access ?? "", workspace: "dev") == "key login")
        #expect(try await site.meaning(dev.access ?? "", workspace: "prod") == "refused")
        #expect(try await site.meaning(dev.access ?? "", workspace: "other") == "foreign")
    }

    @Test func changedTokensAreRefused() async throws {
        let token = await login().access ?? ""
        let parts = token.split(separator: ".").map(String.init)
        let claims = String(decoding: Base64URL.decode(parts[1]) ?? [], as: UTF8.self)
        for (old, new) in [("ann@example.com", "bob@example.com"), ("databricks-cli", "scheduler"), ("login", "token")]
        where claims.contains(old) {
            let other = changed(token) { $0[1] = payload(claims.replacing(old, with: new)) }
            #expect(try await site.meaning(other) == "refused")
        }
        #expect(try await site.meaning(changed(token) { $0[2] = String($0[2].reversed()) }) != "key login")
        #expect(try await site.meaning(changed(token) { $0.removeLast() }) == "foreign")
    }

    /// The same keyring elsewhere would open them; another one must not.
    @Test func tokensOfAnotherKeyringAreRefused() async throws {
        let other = Site()
        let browser = Browser(other)
        _ = await browser.login()
        _ = await Browser(site).login()
        let token = await Program(site: other).login(in: browser).access ?? ""
        #expect(try await other.meaning(token) == "key login")
        #expect(try await site.meaning(token) == "refused")
    }

    /// Who has the keyring alone signs as he likes, but knows no key that a token has to name.
    @Test(arguments: [nil, "", "0", "ffffffffffffffff"]) func aSignatureAloneOpensNothing(key: String?) async throws {
        _ = await login()
        let session = try #require(site.keeper.state.withLock { $0.sessions.values.first })
        for (client, id) in [("scheduler", nil), ("keyless", nil), ("databricks-cli", session.id.text)] {
            let claims = AccessClaims(
                issuer: "https://prod.gate.example/oidc", audience: "prod", subject: "x", issuedAt: Site.start / 1000,
                expiresAt: Site.start / 1000 + 600, id: "j", clientID: client, session: id, key: key)
            let token = try #require(site.facade.keys.sign(claims))
            #expect(try await site.meaning(token.reveal()) == "refused")
        }
    }

    @Test func aTokenOfAMachineEndsWithItsKey() async throws {
        let form: [FormCoding.Field] = [
            .init("grant_type", "client_credentials"), .init("client_id", "scheduler"),
            .init("client_secret", site.folder.scheduler),
        ]
        let token = Tokens(await Program(site: site).token(form)).access ?? ""
        #expect(try await site.meaning(token) == "machine scheduler")
        site.folder.write(ClientKey.make(random: .system).reveal(), "scheduler")
        site.pass(.seconds(2))
        #expect(try await site.meaning(token) == "refused")
    }

    /// CVE-2026-19349, CVE-2026-110864: one kind of secret is not another. Each is tried in the places of the others.
    @Test func eachSecretHasOnePlace() async throws {
        let browser = Browser(site)
        let asked = await browser.start()
        let (state, binding) = (asked.only("state") ?? "", browser.cookies["__Host-lakegate-login"] ?? "")
        _ = await browser.finish(asked)
        let program = Program(site: site)
        let tokens = await program.login(in: browser)
        let code = await program.authorize(in: browser).only("code") ?? ""
        let cookie = browser.cookies["__Host-lakegate"] ?? ""
        for text in [state, binding, code, tokens.access ?? "", tokens.refresh ?? "", site.folder.scheduler] {
            let thief = Browser(site)
            thief.cookies["__Host-lakegate"] = text
            #expect(await thief.get("/.lakegate/session").status == 303)
            #expect(await thief.get(program.authorizeURL()).one("Location").contains("/.lakegate/login"))
        }
        for text in [state, binding, tokens.access ?? "", tokens.refresh ?? "", cookie] {
            #expect(Tokens(await program.token(program.codeForm(text))).error == "invalid_grant")
        }
        for text in [tokens.refresh ?? "", cookie, code, state] {
            #expect(try await site.meaning(text) == "foreign")
            let bearer = [(name: "authorization", value: "Bearer \(text)")]
            #expect(await Browser(site).send("GET", "/.lakegate/session", bearer, body: "").status == 401)
        }
        #expect(await program.token(program.codeForm(code)).status == 200)
    }

    /// GHSA-f24x-5g9q-753f: a login makes keys of its own.
    @Test func eachLoginHasItsOwnKey() async throws {
        let browser = Browser(site)
        _ = await browser.login()
        let program = Program(site: site)
        let (one, other) = (await program.login(in: browser), await program.login(in: browser))
        #expect(one.refresh != other.refresh && one.access != other.access)
        let session = try #require(site.keeper.state.withLock { $0.sessions.values.first })
        let form: [FormCoding.Field] = [
            .init("form_token", await browser.formToken), .init("key", session.loginKeys[0].publicID),
        ]
        _ = await browser.post("/.lakegate/session/tokens/revoke", form)
        #expect(try await site.meaning(one.access ?? "") == "refused")
        #expect(try await site.meaning(other.access ?? "") == "key login")
    }

    @Test func aStoreThatIsAwayIsNoAnswer() async throws {
        let tokens = await login()
        site.keeper.state.withLock { $0.failure = .store(.timedOut) }
        await #expect(throws: SessionError.store(.timedOut)) { try await site.meaning(tokens.access ?? "") }
    }

    @Test(arguments: ["", "lkc_x", "\n\n", "x"]) func aFileWithoutAKeyLetsNobodyIn(text: String) async throws {
        site.folder.write(text, "scheduler")
        #expect(try await site.meaning(site.folder.scheduler) == "refused")
        #expect(try await site.meaning(text) != "machine scheduler")
        #expect(site.lines.contains { $0.contains("no key of a client") })
    }
}
