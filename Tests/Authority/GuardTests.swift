import Basics
import Gate
import OAuth
import Testing

@testable import Authority

@Suite struct GuardTests {
    private let site = Site()

    private static let posts = ["/.lakegate/session/tokens", "/.lakegate/session/tokens/revoke", "/.lakegate/logout"]

    @Test(
        "CVE-2026-27124: forms of other sites do nothing", arguments: posts, ["cross-site", "same-site", "", "bogus"])
    func formsOfOtherSitesDoNothing(path: String, from: String) async {
        let browser = Browser(site)
        _ = await browser.login()
        let form: [FormCoding.Field] = [
            .init("form_token", await browser.formToken), .init("label", "x"), .init("life", "1"),
            .init("everywhere", "yes"),
        ]
        #expect(await browser.post(path, form, from: from).status == 403)
        #expect(await browser.get("/.lakegate/session").status == 200)
        #expect(site.keeper.state.withLock { $0.made } == 1)
    }

    @Test(arguments: posts, [[], [FormCoding.Field("form_token", "")], [.init("form_token", "x")]])
    func formsWithoutTheirTokenDoNothing(path: String, form: [FormCoding.Field]) async {
        let browser = Browser(site)
        _ = await browser.login()
        #expect(await browser.post(path, form).status == 403)
        #expect(await browser.get("/.lakegate/session").status == 200)
    }

    @Test(arguments: [
        ("https://prod.gate.example", 200), ("https://evil.example", 403), ("null", 403),
        ("http://prod.gate.example", 403),
        ("https://prod.gate.example:1", 403), ("", 403), (nil, 403),
    ])
    func anOldBrowserIsJudgedByItsOrigin(origin: String?, status: Int) async {
        let browser = Browser(site)
        _ = await browser.login()
        let fields = [
            (name: "content-type", value: "application/x-www-form-urlencoded; charset=UTF-8"),
            (name: "accept", value: "text/html"),
        ]
        let answer = await browser.send(
            "POST", "/.lakegate/logout", fields + (origin.map { [(name: "origin", value: $0)] } ?? []),
            body: "form_token=\(await browser.formToken)")
        #expect(answer.status == status)
    }

    @Test func theFormTokenOfAnotherSessionIsNotOurs() async {
        let mine = Browser(site)
        let theirs = Browser(site)
        _ = await mine.login()
        _ = await theirs.login()
        #expect(await mine.post("/.lakegate/logout", [.init("form_token", await theirs.formToken)]).status == 403)
    }

    @Test(arguments: ["application/json", "text/plain", "", "multipart/form-data"])
    func onlyFormsAreRead(type: String) async {
        let browser = Browser(site)
        _ = await browser.login()
        let answer = await browser.send(
            "POST", "/.lakegate/logout",
            [(name: "sec-fetch-site", value: "same-origin"), (name: "content-type", value: type)],
            body: "form_token=\(await browser.formToken)")
        #expect(answer.status == 400)
    }

    @Test func postsNeedASession() async {
        for path in Self.posts { #expect(await Browser(site).post(path, []).status == 401) }
    }

    @Test(arguments: [
        ("POST", "/.lakegate/login", "GET, HEAD"), ("PUT", "/.lakegate/session", "GET, HEAD"),
        ("HEAD", "/.lakegate/callback", "GET"), ("HEAD", "/.lakegate/login/start", "GET"),
        ("GET", "/.lakegate/logout", "POST"), ("GET", "/.lakegate/session/tokens", "POST"),
        ("get", "/.lakegate/login", "GET, HEAD"),
    ])
    func theWrongMethodIsNamed(method: String, path: String, allowed: String) async {
        let answer = await Browser(site).send(method, path, [], body: "")
        #expect(answer.status == 405 && answer.one("Allow") == allowed)
        #expect(answer.text.contains("takes \(allowed.replacing(", ", with: " and ")) only"))
    }

    @Test(arguments: [
        "/.lakegate/", "/.lakegate", "/.lakegate/login/", "/.lakegate/Login", "/.lakegate/%6cogin", "/.lakegate/../x",
        "/.lakegate//login", "", "/",
    ])
    func unknownPathsAreNotFound(path: String) async {
        #expect(await Browser(site).get(path).status == 404)
        let program = await Browser(site).send("GET", path, [], body: "")
        #expect(program.status == 404 && program.text.contains("ENDPOINT_NOT_FOUND"))
    }

    @Test func anUnknownWorkspaceHasNoLogin() async {
        #expect(await Browser(site, workspace: "other").get("/.lakegate/login").status == 404)
    }

    @Test func everyPageIsGuarded() async {
        let browser = Browser(site)
        var answers = [await browser.get("/.lakegate/login"), await browser.get("/.lakegate/callback")]
        answers.append(await browser.login())
        answers += [await browser.get("/.lakegate/session"), await browser.get("/.lakegate/none")]
        answers.append(await browser.send("GET", "/.lakegate/session", [], body: ""))
        for answer in answers {
            #expect(answer.one("Cache-Control") == "no-store")
            #expect(answer.one("X-Content-Type-Options") == "nosniff")
            #expect(answer.one("Strict-Transport-Security") == "max-age=31536000")
        }
        for answer in answers where answer.one("Content-Type").hasPrefix("text/html") {
            let policy = answer.one("Content-Security-Policy")
            #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-"))
            #expect(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"))
            #expect(!policy.contains("unsafe"))
            #expect(answer.text.contains("<html lang=\"en\">") && answer.text.contains("<main><h1>"))
            #expect(!answer.text.contains("style=\"") && !answer.text.contains("onclick"))
        }
    }
}
