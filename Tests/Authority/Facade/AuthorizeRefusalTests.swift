import OAuth
import Testing

@testable import Authority

/// A request to the authorization endpoint with one thing wrong.
struct WrongAsk: Sendable, CustomTestStringConvertible {
    var source: String
    var client = "databricks-cli"
    var redirect = Program.redirect
    var change: [FormCoding.Field] = []
    var more: [FormCoding.Field] = []
    var without: String?

    var testDescription: String { "\(source): \(redirect) \(change) \(more) \(without ?? "")" }

    func fields(_ site: Site) -> [FormCoding.Field] {
        var fields = Program(site: site, id: client, redirect: redirect).ask.filter { $0.name != without }
        for field in change { fields = fields.map { $0.name == field.name ? field : $0 } }
        return fields + more
    }
}

@Suite struct AuthorizeRefusalTests {
    private static let loopbacks: [WrongAsk] = [
        "", "http://localhost", "http://localhost:", "http://localhost:0", "http://localhost:65536",
        "http://localhost:080", "http://localhost:99999999999999999999", "http://localhost:80a",
        "http://localhost:-1", "http://localhost:8020#f", "http://localhost:8020?x=1", "http://localhost:8020/?x=1",
        "https://localhost:8020", "HTTP://localhost:8020", "http://LOCALHOST:8020", "http:localhost:8020",
        "http:/localhost:8020", "http:\\\\localhost:8020", "//localhost:8020", " http://localhost:8020",
        "\thttp://localhost:8020", "http://localhost:8020 ", "http://localhost:8020/\r\nSet-Cookie: a=b",
        "http://localhost:8020/../x", "http://localhost:8020/%2e%2e/x", "http://localhost:8020/a%20b",
        "http://localhost:8020/\\evil.example", "http://localhost:8020/\u{e9}", "http://127.1:8020",
        "http://127.0.0.2:8020", "http://2130706433:8020", "http://0x7f.0.0.1:8020", "http://0.0.0.0:8020",
        "http://[::]:8020", "http://[::2]:8020", "http://[::ffff:127.0.0.1]:8020", "http://[::1%25lo]:8020",
        "http://[::1]:8020:1", "javascript:alert(1)//http://localhost:8020", "data:text/html,http://localhost:8020",
        "file:///localhost:8020", "databricks://localhost:8020", "urn:ietf:wg:oauth:2.0:oob",
        "http://localhost:8020/" + String(repeating: "a", count: 300),
    ].map { WrongAsk(source: "RFC 8252, 7.3", redirect: $0) }

    private static let elsewhere: [WrongAsk] = [
        "http://localhost.evil.example:8020", "http://localhost:8020.evil.example", "http://evil.example:8020",
        "http://127.0.0.1.evil.example:8020", "http://[::1].evil.example:8020", "https://evil.example/",
    ].map { WrongAsk(source: "CVE-2021-21291", redirect: $0) }

    private static let userinfo: [WrongAsk] = [
        "http://localhost:8020@evil.example", "http://localhost@evil.example:8020",
        "http://good@localhost:8020", "http://localhost:@evil.example:8020", "http://a@b@localhost:8020",
        "http://localhost:8020\\@evil.example",
    ].map { WrongAsk(source: "CVE-2026-28512", redirect: $0) }

    private static let registered: [WrongAsk] = [
        "https://portal.example/api/databricks/oauthredirect",
        "https://portal.example/api/databricks/oauthredirect?from=db&x=1",
        "https://portal.example/api/databricks/oauthredirect/", "https://portal.example/api/databricks/oauthredirect#",
        "https://portal.example/api/databricks/oauthredirect?from=DB",
        "https://portal.example/api/databricks/oauthredirect?from=db#x",
        "https://portal.example/api/databricks/oauthredirect?from=d%62",
        "https://portal.example/api/databricks/oauthredirect/..?from=db",
        "https://portal.example/api/databricks/oauthredirect%2f?from=db",
        "http://portal.example/api/databricks/oauthredirect?from=db", "http://localhost:8020",
        "https://portal.example:443/api/databricks/oauthredirect?from=db",
        "https://Portal.example/api/databricks/oauthredirect?from=db",
        "https://portal.example.evil.example/api/databricks/oauthredirect?from=db",
        "https://portal.example@evil.example/api/databricks/oauthredirect?from=db",
        "https://portalXexample/api/databricks/oauthredirect?from=db",
    ].map { WrongAsk(source: "CVE-2025-4143, CVE-2024-52289", client: "portal", redirect: $0) }

    private static let clients: [WrongAsk] = [
        "", "unknown", "databricks-cli ", "Databricks-CLI", "databricks-cli\u{0}", "*", "scheduler", "keyless",
    ].map { WrongAsk(source: "RFC 6749, 4.1.2.1", client: $0) }

    private static let counts: [WrongAsk] = [
        WrongAsk(source: "RFC 6749, 4.1.2.1", without: "client_id"),
        WrongAsk(source: "RFC 6749, 3.1.2.3", without: "redirect_uri"),
        WrongAsk(source: "RFC 6749, 3.1", more: [.init("client_id", "databricks-cli")]),
        WrongAsk(source: "RFC 6749, 3.1", more: [.init("client_id", "unknown")]),
        WrongAsk(source: "RFC 6749, 3.1", more: [.init("redirect_uri", Program.redirect)]),
        WrongAsk(source: "RFC 6749, 3.1", more: [.init("redirect_uri", "https://evil.example/")]),
        WrongAsk(source: "too many", more: (0..<64).map { FormCoding.Field("p\($0)", "") }),
    ]

    static let untrusted: [WrongAsk] = Array(
        [loopbacks, elsewhere, userinfo, registered, clients, counts].joined())

    /// Who is asking, or where the answer should go, is not certain: nobody is sent anywhere.
    @Test(arguments: untrusted) func nobodyIsSentAnywhere(wrong: WrongAsk) async {
        let site = Site()
        let browser = Browser(site)
        for _ in 0..<2 {
            let made = site.keeper.state.withLock { $0.made }
            let query = FormCoding.encode(wrong.fields(site))
            for path in ["/oidc/v1/authorize", "/oidc/oauth2/v2.0/authorize"] {
                let answer = await browser.get("\(path)?\(query)")
                #expect(answer.status == 400 && answer.one("Location") == "" && answer.next == "")
                #expect(!answer.text.contains("href=\"http"))
            }
            let form: [FormCoding.Field] = [
                .init("form_token", await browser.formToken), .init("request", query), .init("decision", "allow"),
            ]
            let answer = await browser.post("/oidc/v1/consent", form)
            #expect([400, 401].contains(answer.status) && answer.one("Location") == "" && answer.next == "")
            #expect(site.keeper.state.withLock { $0.made } == made)
            _ = await browser.login()
        }
        #expect(site.provider.codes.withLock { $0.count } == 2)
    }

    static let answered: [(WrongAsk, String)] = {
        func changed(_ name: String, _ value: String, _ source: String) -> WrongAsk {
            WrongAsk(source: source, change: [.init(name, value)])
        }
        func added(_ name: String, _ value: String, _ source: String) -> WrongAsk {
            WrongAsk(source: source, more: [.init(name, value)])
        }
        let pkce = "CVE-2025-4144, CVE-2024-23647"
        let word = String(repeating: "A", count: 43)
        let short = String(word.dropLast())
        let challenges = ["", "a", short, word + "A", word + "=", "+" + short, "/" + short]
        var requests: [WrongAsk] = challenges.map { changed("code_challenge", $0, "RFC 7636, 4.2") }
        for method in ["", "plain", "s256", "S512", "S256 ", "none"] {
            requests.append(changed("code_challenge_method", method, pkce))
        }
        for name in ["code_challenge", "code_challenge_method"] {
            requests.append(WrongAsk(source: pkce, without: name))
        }
        for name in ["response_type", "state", "scope", "code_challenge", "code_challenge_method"] {
            requests.append(added(name, "code", "RFC 6749, 3.1"))
        }
        requests.append(WrongAsk(source: "RFC 6749, 3.1", more: [.init("x", "1"), .init("x", "1")]))
        requests.append(WrongAsk(source: "RFC 6749, 4.1.2.1", without: "response_type"))
        requests.append(added("response_mode", "fragment", "RFC 9700, 4.3"))
        requests.append(added("response_mode", "form_post", "RFC 9700, 4.3"))
        var rows: [(WrongAsk, String)] = requests.map { ($0, "invalid_request") }
        for type in ["token", "id_token", "code token", "code id_token", "none", "Code", ""] {
            rows.append((changed("response_type", type, "RFC 9700, 2.1.2"), "unsupported_response_type"))
        }
        rows.append((added("request", "eyJ", "RFC 9101, 6"), "request_not_supported"))
        rows.append((added("request_uri", "https://evil.example/", "RFC 9101, 6"), "request_uri_not_supported"))
        rows.append((added("prompt", "none", "OpenID Connect, 3.1.2.1"), "interaction_required"))
        return rows
    }()

    /// The client is told at its own address, with its state and who says so.
    @Test(arguments: answered) func theClientIsTold(wrong: WrongAsk, error: String) async {
        let site = Site()
        let browser = Browser(site)
        _ = await browser.login()
        let fields = wrong.fields(site)
        let byGet = await browser.get("/oidc/v1/authorize?\(FormCoding.encode(fields))")
        #expect(byGet.status == 303)
        let form: [FormCoding.Field] = [
            .init("form_token", await browser.formToken), .init("request", FormCoding.encode(fields)),
            .init("decision", "allow"),
        ]
        let byForm = await browser.post("/oidc/v1/consent", form)
        #expect(byForm.status == 200 && byForm.one("Location") == "")
        for location in [byGet.one("Location"), byForm.next] {
            #expect(location.hasPrefix("http://localhost:8020?"))
            let answer = FormCoding.decode(String(location.drop { $0 != "?" }.dropFirst())) ?? []
            #expect(answer.only("error") == error && answer.only("error_description") != nil)
            #expect(answer.only("iss") == "https://prod.gate.example/oidc" && answer.only("code") == nil)
            #expect(answer.only("state") == fields.only("state"))
        }
        #expect(site.keeper.state.withLock { $0.made } == 1 && site.provider.codes.withLock { $0.count } == 1)
    }

    @Test func thereAreEnoughOfThem() {
        #expect(Self.untrusted.count + Self.answered.count >= 110)
    }

    @Test(arguments: [
        "http://localhost:1", "http://localhost:65535/", "http://localhost:8080/callback",
        "http://127.0.0.1:8020/a/b_c",
        "http://[::1]:8020", "http://localhost:8020/.hidden",
    ]) func thisMachineIsALoopback(redirect: String) async {
        let site = Site()
        let browser = Browser(site)
        _ = await browser.login()
        let answer = await Program(site: site, redirect: redirect).authorize(in: browser)
        #expect(answer.only("code") != nil)
    }
}
