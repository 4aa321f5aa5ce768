import Basics
import OAuth
import Testing

@testable import Authority

/// A way back from the provider with one thing wrong.
struct WrongCallback: Sendable, CustomTestStringConvertible {
    var source: String
    /// `{state}` is the right one, `{binding}` what the browser's cookie holds.
    var query: String
    /// What the browser sends along instead of its cookie; `nil` for the cookie itself.
    var cookie: String?
    var isLate = false
    /// Where it comes back to.
    var workspace = "prod"
    var host: String?

    /// A browser that has the login's own cookie, in another place or too late, is no stranger.
    var endsTheLogin: Bool { isLate || host != nil || (workspace == "dev" && !query.contains("prod.db")) }

    var testDescription: String {
        "\(source): \(query) \(cookie ?? "") \(isLate ? "late" : "") \(workspace) \(host ?? "")"
    }

    /// The right answer of the provider.
    static let right = "code=c&state={state}"

    func target(_ asked: [FormCoding.Field], _ browser: Browser) -> String {
        let binding = browser.cookies["__Host-lakegate-login"] ?? ""
        return "/.lakegate/callback?"
            + query.replacing("{state}", with: asked.only("state") ?? "").replacing("{binding}", with: binding)
    }
}

extension WrongCallback {
    private static func rows(_ source: String, _ queries: [String]) -> [WrongCallback] {
        queries.map { WrongCallback(source: source, query: $0) }
    }

    private static let states = rows(
        "RFC 6749, 10.12",
        [
            "", "code=c", "code=c&state", "code=c&state=", "code=c&state=x", "code=c&state={state}x",
            "code=c&state=x{state}", "code=c&state={state}%00", "code=c&state=%20{state}", "code=c&state={state}%20",
            "code=c&state={state}%0d%0a", "code=c&state={state}%3D", "code=c&State={state}", "code=c&state%00={state}",
            "code=c&state%5B%5D={state}", "code=c&%20state={state}", "code=c&state=%22{state}%22", "code=c&state=null",
            "code=c&state=undefined", "code=c&state=*", "code=c&state=..%2F{state}", "code=c&state={binding}",
            "code=c&state=lakegate%20login%00{state}", "code=c;state={state}", "code=c%26state={state}", "{state}",
            "code=c&state=" + String(repeating: "A", count: 43), "code=c&amp;state={state}",
        ])

    private static let codes = rows(
        "RFC 6749, 4.1.2",
        [
            "state={state}", "state={state}&code", "code=&state={state}", "Code=c&state={state}",
            "code%00=c&state={state}", "code%5B%5D=c&state={state}", "code=%ff&state={state}", "code=c&state=%",
            "code=%&state={state}", "code=%zz&state={state}", "code=c&state={state}&x=%C3%28",
            "code=" + String(repeating: "c", count: 20_000) + "&state={state}",
            right + (0..<64).map { "&p\($0)=" }.joined(),
        ])

    private static let twice = rows(
        "RFC 6749, 3.1; CVE-2023-27496",
        [
            right + "&code=c", right + "&code=d", "code=&" + right, right + "&%63ode=d", right + "&state={state}",
            right + "&state=x", "state=x&" + right, right + "&%73tate=x",
            right + "&iss=https%3A%2F%2Fprod.db.example%2Foidc&iss=https%3A%2F%2Fprod.db.example%2Foidc",
            "error=a&error=b&state={state}", right + "&scope=a&scope=b", right + "&x=1&x=1",
        ])

    private static let issuers: [WrongCallback] = [
        "", "x", "https://dev.db.example/oidc", "https://prod.db.example", "https://prod.db.example/oidc/",
        "https://prod.db.example/OIDC", "https://PROD.db.example/oidc", "http://prod.db.example/oidc",
        "https://prod.db.example:443/oidc", "https://prod.db.example/oidc?x", "https://prod.db.example/oidc#",
        "https://prod.db.example/oidc ", " https://prod.db.example/oidc", "https://prod.db.example/oidc\u{0}",
        "https://prod.db.example@evil.example/oidc", "https://prod.db.example.evil.example/oidc",
        "https://evil.example/https://prod.db.example/oidc", "https://prod.gate.example/oidc", "null",
    ].flatMap { issuer in
        let named = "&" + FormCoding.encode([.init("iss", issuer)])
        return rows("RFC 9207, 2.4", [right + named, "error=access_denied&state={state}" + named])
    }

    private static let kinds = rows(
        "RFC 9700, 2.1.2",
        [
            right + "&error=x", "error=&" + right, "error=&state={state}", "error=access_denied", "error=x&state=",
            "error=x&state=y", "error_description=boo&state={state}", "access_token=t&token_type=bearer&state={state}",
            "id_token=e30.e30.&state={state}", "response=e30.e30.&state={state}",
            "error=access_denied&error_description=boo",
        ])

    private static let strangers: [WrongCallback] = [
        "", "__Host-lakegate-login=", "__Host-lakegate-login=x", "__Host-lakegate-login={state}",
        "__Host-lakegate-login=" + String(repeating: "A", count: 43), "__Host-lakegate-login={binding}A",
        "__Host-lakegate-login={binding}; __Host-lakegate-login={binding}",
        "__Host-lakegate-login=x; __Host-lakegate-login={binding}", "__Host-lakegate={binding}",
        "__host-lakegate-login={binding}", "lakegate-login={binding}", "__Secure-lakegate-login={binding}",
        "__Host-lakegate-login=\"{binding}\"", "__Host-lakegate-login={stranger}",
    ].map { WrongCallback(source: "RFC 9700, 2.1; CVE-2026-27124", query: right, cookie: $0) }

    private static let elsewhere = [
        WrongCallback(source: "RFC 9700, 4.4: another workspace", query: right, workspace: "dev"),
        WrongCallback(
            source: "RFC 9700, 4.4: another workspace, its issuer",
            query: right + "&iss=https%3A%2F%2Fdev.db.example%2Foidc", workspace: "dev"),
        WrongCallback(
            source: "RFC 9700, 4.4: another workspace, our issuer",
            query: right + "&iss=https%3A%2F%2Fprod.db.example%2Foidc", workspace: "dev"),
        WrongCallback(source: "RFC 9700, 4.1: another host", query: right, host: "other.gate.example"),
        WrongCallback(source: "RFC 9700, 4.1: another port", query: right, host: "prod.gate.example:8443"),
        WrongCallback(source: "RFC 6749, 4.1.2: too late", query: right, isLate: true),
        WrongCallback(source: "RFC 6749, 4.1.2: too late", query: "error=x&state={state}", isLate: true),
    ]

    static let all: [WrongCallback] = Array([states, codes, twice, issuers, kinds, strangers, elsewhere].joined())
}

@Suite("O1: what comes back from the provider and is not what was asked for")
struct CallbackRefusalTests {
    /// No token is asked for, nobody is signed in, nothing of the stranger is shown, and the login itself goes on.
    @Test("RFC 6749, RFC 9700, RFC 9207, CVE-2023-27496: is refused", arguments: WrongCallback.all)
    func isRefused(wrong: WrongCallback) async {
        let site = Site()
        let (browser, stranger) = (Browser(site), Browser(site))
        _ = await stranger.start()
        let asked = await browser.start("/sql")
        let jar = browser.cookies
        let visitor = Browser(site, workspace: wrong.workspace)
        visitor.host = wrong.host ?? visitor.host
        visitor.cookies = jar
        if let cookie = wrong.cookie { visitor.plant(cookie, asked, own: jar, others: stranger.cookies) }
        if wrong.isLate { site.pass(.seconds(600)) }
        let answer = await visitor.get(wrong.target(asked, browser))
        #expect(answer.status == 400 && answer.one("Location") == "")
        #expect(answer.all("Set-Cookie").isEmpty && !answer.text.contains("boo") && !answer.text.contains("evil"))
        #expect(site.provider.asked == 0 && site.keeper.state.withLock { $0.made } == 0)
        let after = await browser.finish(asked)
        #expect(after.status == (wrong.endsTheLogin ? 400 : 303), "a stranger uses nothing up")
        #expect(site.provider.asked == (wrong.endsTheLogin ? 0 : 2))
    }

    /// What the provider says ends the login: its state is worth nothing afterwards (RFC 6749, section 4.1.2.1).
    @Test(
        "RFC 6749, 4.1.2.1: an error asks for no token, and ends the login",
        arguments: [
            "access_denied", "invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope",
            "server_error", "temporarily_unavailable", "login_required", "interaction_required", "invalid_grant", "?",
        ])
    func anErrorEndsTheLogin(error: String) async {
        let site = Site()
        let browser = Browser(site)
        let asked = await browser.start()
        let state = asked.only("state") ?? ""
        let answer = await browser.get("/.lakegate/callback?error=\(error)&state=\(state)")
        #expect(answer.status == 403 && answer.all("Set-Cookie").isEmpty)
        #expect(await browser.finish(asked).status == 400)
        #expect(site.provider.asked == 0 && site.keeper.state.withLock { $0.made } == 0)
    }

    @Test("RFC 6749, 4.1.2: a code that the provider refuses is asked for once, and is no login")
    func aFailureIsNotRepeated() async {
        for failure in [LoginProblemTests.refused, LoginProblemTests.unusable] {
            let site = Site()
            let browser = Browser(site)
            let asked = await browser.start()
            site.provider.failure.withLock { $0 = failure }
            #expect(await browser.finish(asked).status == 502)
            #expect(await browser.finish(asked).status == 400)
            #expect(site.provider.asked == 1 && site.keeper.state.withLock { $0.made } == 0)
        }
    }

    @Test("O1: there are over 300 cases, 100 of them as a client")
    func thereAreEnoughOfThem() {
        let client = WrongCallback.all.count
        let asks = AuthorizeRefusalTests.untrusted.count + AuthorizeRefusalTests.answered.count
        let tokens =
            TokenRefusalTests.code.count + TokenRefusalTests.refresh.count + TokenRefusalTests.machine.count
            + TokenRefusalTests.exchange.count
        #expect(client >= 100 && client + asks + tokens >= 300, "\(client) + \(asks) + \(tokens)")
    }
}

extension Browser {
    /// Sends this in the place of its cookies.
    fileprivate func plant(
        _ text: String, _ asked: [FormCoding.Field], own: [String: String], others: [String: String]
    ) {
        let name = "__Host-lakegate-login"
        let filled = text.replacing("{state}", with: asked.only("state") ?? "")
            .replacing("{binding}", with: own[name] ?? "").replacing("{stranger}", with: others[name] ?? "")
        (cookies, planted) = ([:], filled)
    }
}
