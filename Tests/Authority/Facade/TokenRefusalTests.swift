import Basics
import Foundation
import Gate
import OAuth
import Sessions
import Testing

@testable import Authority

/// A request to the token endpoint with one thing wrong, and what it gets.
struct WrongForm: Sendable, CustomTestStringConvertible {
    var source: String
    var error: String
    var status = 400
    var header: (name: String, value: String)?
    /// Changes a form that would be right; what is in braces is filled in.
    var change: [FormCoding.Field] = []
    var more: [FormCoding.Field] = []
    var without: [String] = []

    var testDescription: String { "\(source) \(change) \(more) without \(without) \(header?.value ?? "")" }

    func fields(from right: [FormCoding.Field], _ site: Site) -> [FormCoding.Field] {
        var fields = right.filter { !without.contains($0.name) }
        for field in change { fields = fields.map { $0.name == field.name ? field : $0 } }
        return (fields + more).map { FormCoding.Field($0.name, site.fill($0.value)) }
    }

    static func changed(_ name: String, _ value: String, _ source: String, _ error: String) -> WrongForm {
        WrongForm(source: source, error: error, change: [.init(name, value)])
    }

    static func added(_ name: String, _ value: String, _ source: String, _ error: String) -> WrongForm {
        WrongForm(source: source, error: error, more: [.init(name, value)])
    }

    static func missing(_ name: String, _ source: String, _ error: String = "invalid_request") -> [WrongForm] {
        [
            WrongForm(source: source, error: error, without: [name]), changed(name, "", source, error),
            WrongForm(source: "RFC 6749, 3.2", error: "invalid_request", more: [.init(name, "x")]),
        ]
    }

    func by(_ scheme: String) -> WrongForm {
        var wrong = self
        (wrong.header, wrong.status) = ((name: "authorization", value: scheme), error == "invalid_client" ? 401 : 400)
        return wrong
    }

    var unauthorized: WrongForm {
        var wrong = self
        (wrong.error, wrong.status) = ("invalid_client", 401)
        return wrong
    }
}

extension Site {
    fileprivate func fill(_ text: String) -> String {
        text.replacing("{scheduler}", with: folder.scheduler).replacing("{portal}", with: folder.portal)
    }

    fileprivate var logins: Int {
        keeper.state.withLock { $0.sessions.values.map(\.loginKeys.count).reduce(0, +) }
    }
}

func basic(_ text: String) -> String {
    "Basic " + Data(text.utf8).base64EncodedString()
}

@Suite struct TokenRefusalTests {
    private static let pkce = "RFC 7636, 4.6; CVE-2023-48228"
    private static let bound = "RFC 6749, 4.1.3"

    private static let missing: [WrongForm] = Array(
        [
            WrongForm.missing("code", bound), WrongForm.missing("redirect_uri", bound),
            WrongForm.missing("client_id", bound), WrongForm.missing("code_verifier", pkce),
            WrongForm.missing("grant_type", "RFC 6749, 5.2"),
        ].joined())

    private static let noVerifiers: [WrongForm] = [
        "x", String(Program.verifier.dropLast()), "plain", String(repeating: "a", count: 129),
        String(Program.verifier.dropLast()) + "+",
    ].map { .changed("code_verifier", $0, pkce, "invalid_request") }

    private static let wrongVerifiers: [WrongForm] = [
        Program.verifier + "A", String(repeating: "a", count: 43), Program.verifier.lowercased(),
        // Its own challenge, as if the method were plain.
        Base64URL.encode(mixed(Array(Program.verifier.utf8))),
    ].map { .changed("code_verifier", $0, pkce, "invalid_grant") }

    private static let redirects: [WrongForm] = [
        "http://localhost:8021", "http://localhost:8020/", "http://127.0.0.1:8020", "https://localhost:8020",
        "http://localhost:8020?", "https://evil.example",
    ].map { .changed("redirect_uri", $0, "RFC 9700, 2.1", "invalid_grant") }

    private static let codes: [WrongForm] = [
        "x", String(repeating: "A", count: 43), String(repeating: "A", count: 64), "../x", "lkg_x", "\u{0}",
    ].map { .changed("code", $0, bound, "invalid_grant") }

    private static let clients: [WrongForm] = ["unknown", "Databricks-CLI", "scheduler", "portal", "keyless"].map {
        WrongForm.changed("client_id", $0, "RFC 6749, 5.2", "").unauthorized
    }

    private static let others: [WrongForm] = [
        WrongForm.changed("client_id", "dbt-databricks", "RFC 6749, 10.5", "invalid_grant"),
        WrongForm.added("client_secret", "x", "RFC 6749, 2.3", "").unauthorized,
        WrongForm.added("client_secret", "{scheduler}", "RFC 6749, 2.3", "").unauthorized,
        WrongForm(
            source: "RFC 6749, 10.5", error: "invalid_grant", change: [.init("client_id", "scheduler")],
            more: [.init("client_secret", "{scheduler}")]),
        WrongForm(source: "RFC 6749, 2.3", error: "invalid_request").by(basic("scheduler:x")),
        WrongForm.added("client_secret", "x", "RFC 6749, 2.3", "invalid_request").by(basic("databricks-cli:")),
        WrongForm(
            source: "too many", error: "invalid_request", more: (0..<64).map { FormCoding.Field("p\($0)", "") }),
    ]

    private static let grants: [WrongForm] = [
        "password", "implicit", "Authorization_Code", "authorization_code ", "client_credentials refresh_token",
        "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:saml2-bearer", "code",
    ].map { .changed("grant_type", $0, "RFC 6749, 5.2; RFC 9700, 2.4", "unsupported_grant_type") }

    private static let headers: [WrongForm] = [
        "Bearer x", "Basic", "Basic !", basic("nocolon"), basic(":x"), basic("scheduler:x"), basic("a&b:x"),
        basic("%zz:x"), "Digest username=x", "Negotiate x", basic("databricks-cli:x"),
    ].map { WrongForm(source: "RFC 6749, 2.3.1", error: "invalid_client", without: ["client_id"]).by($0) }

    static let code: [WrongForm] = Array(
        [missing, noVerifiers, wrongVerifiers, redirects, codes, clients, others, grants, headers].joined())

    @Test(arguments: code) func aCodeGivesNothing(wrong: WrongForm) async {
        let site = Site()
        let browser = Browser(site)
        _ = await browser.login()
        let program = Program(site: site)
        let code = await program.authorize(in: browser).only("code") ?? ""
        await expectRefusal(wrong, program, program.codeForm(code))
        #expect(site.logins == 0)
    }

    private func expectRefusal(_ wrong: WrongForm, _ program: Program, _ right: [FormCoding.Field]) async {
        let asked = program.site.provider.codes.withLock { $0.count }
        let answer = await program.token(
            wrong.fields(from: right, program.site), wrong.header.map { [$0] } ?? [])
        let tokens = Tokens(answer)
        #expect(tokens.status == wrong.status && tokens.error == wrong.error, "\(tokens)")
        #expect(tokens.access == nil && tokens.refresh == nil && tokens.description != nil)
        #expect(answer.one("Content-Type") == "application/json" && answer.one("Cache-Control") == "no-store")
        #expect((answer.one("WWW-Authenticate") != "") == (wrong.status == 401 && wrong.header != nil))
        #expect(program.site.provider.codes.withLock { $0.count } == asked)
    }

    static let dead = "Refresh token is invalid"
    private static let refreshTokens: [WrongForm] = [
        "x", "tok.1.2.3", "tok.1.999", "tok.999.1", "eyJhbGciOiJub25lIn0.e30.", "lkc_x", "{scheduler}", "\u{0}",
        "Bearer tok.1.1",
        // The key of the browser's own cookie: one kind of key passes for another.
        "tok.1.1",
    ].map { .changed("refresh_token", $0, "RFC 6749, 6; CVE-2026-19349", "invalid_request") }

    private static let refreshers: [WrongForm] = [
        WrongForm.changed("client_id", "dbt-databricks", "RFC 6749, 10.4", "invalid_request"),
        WrongForm.changed("client_id", "unknown", "RFC 6749, 6", "").unauthorized,
        WrongForm.changed("client_id", "portal", "RFC 6749, 6", "").unauthorized,
        WrongForm.added("client_secret", "x", "RFC 6749, 2.3", "").unauthorized,
        WrongForm(
            source: "RFC 6749, 10.4", error: "invalid_request", change: [.init("client_id", "portal")],
            more: [.init("client_secret", "{portal}")]),
    ]

    static let refresh: [WrongForm] = Array(
        [WrongForm.missing("refresh_token", "RFC 6749, 6"), refreshTokens, refreshers].joined())

    @Test(arguments: refresh) func aRefreshTokenGivesNothing(wrong: WrongForm) async {
        let site = Site()
        let browser = Browser(site)
        _ = await browser.login()
        let program = Program(site: site)
        let tokens = await program.login(in: browser)
        await expectRefusal(wrong, program, renewal(tokens) + [.init("client_id", "databricks-cli")])
    }

    private func renewal(_ tokens: Tokens) -> [FormCoding.Field] {
        [.init("grant_type", "refresh_token"), .init("refresh_token", tokens.refresh ?? "")]
    }

    private static let secrets: [WrongForm] = [
        "", "x", "lkc_", "lkc_" + String(repeating: "A", count: 43), "{portal}", "{scheduler} ", " {scheduler}",
        "{scheduler}\n", "{scheduler}A",
    ].map { WrongForm.changed("client_secret", $0, "RFC 6749, 2.3.1", "").unauthorized }

    private static let names: [WrongForm] = [
        "keyless", "unknown", "databricks-cli", "Scheduler", "portal", "schedule",
    ].map { WrongForm.changed("client_id", $0, "RFC 6749, 4.4", "").unauthorized }

    private static let incomplete: [WrongForm] = [
        WrongForm.changed("client_id", "", "RFC 6749, 4.4", "invalid_request"),
        WrongForm(source: "RFC 6749, 4.4", error: "invalid_request", without: ["client_id"]),
        WrongForm(source: "RFC 6749, 4.4", error: "invalid_client", status: 401, without: ["client_secret"]),
        WrongForm(source: "RFC 6749, 4.4", error: "invalid_request", without: ["client_secret", "client_id"]),
        WrongForm(
            source: "RFC 6749, 4.4", error: "unauthorized_client", change: [.init("client_id", "databricks-cli")],
            without: ["client_secret"]),
        WrongForm.added("scope", "a", "RFC 6749, 3.2", "invalid_request"),
    ]

    static let machine: [WrongForm] = Array([secrets, names, incomplete].joined())

    @Test(arguments: machine) func aMachineGetsNothing(wrong: WrongForm) async {
        let program = Program(site: Site())
        let right: [FormCoding.Field] = [
            .init("grant_type", "client_credentials"), .init("scope", "all-apis"), .init("client_id", "scheduler"),
            .init("client_secret", program.site.folder.scheduler),
        ]
        await expectRefusal(wrong, program, right)
    }

    private static let exchanges: [WrongForm] = [
        WrongForm.added("actor_token", "x", "RFC 8693, 2.1", "invalid_request"),
        WrongForm.added(
            "requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token", "RFC 8693, 2.1",
            "invalid_request"),
        WrongForm.changed("subject_token", "lkc_x", "RFC 8693, 2.2.2", "invalid_grant"),
    ]

    static let exchange: [WrongForm] = Array(
        [
            WrongForm.missing("subject_token", "RFC 8693, 2.1"),
            WrongForm.missing("subject_token_type", "RFC 8693, 2.1"),
            exchanges,
        ].joined())

    @Test(arguments: exchange) func anExchangeGivesNothing(wrong: WrongForm) async {
        let right: [FormCoding.Field] = [
            .init("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), .init("subject_token", "dapi1"),
            .init("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
        ]
        await expectRefusal(wrong, Program(site: Site()), right)
    }

    @Test func thereAreEnoughOfThem() {
        #expect(Self.code.count + Self.refresh.count + Self.machine.count + Self.exchange.count >= 110)
    }

    @Test(arguments: ["", "application/json", "text/plain", "multipart/form-data; boundary=x"])
    func onlyFormsAreRead(type: String) async {
        let body = "grant_type=client_credentials&client_id=scheduler"
        let answer = Tokens(await Program(site: Site()).send([(name: "content-type", value: type)], body: body))
        #expect(answer.status == 400 && answer.error == "invalid_request")
    }

    @Test(arguments: ["a=%zz", "a=%ff", "%", ""]) func brokenFormsAreRefused(body: String) async {
        let type = [(name: "content-type", value: "application/x-www-form-urlencoded")]
        let answer = Tokens(await Program(site: Site()).send(type, body: body))
        #expect(answer.status == 400 && answer.error == "invalid_request")
    }

    @Test func secretsInAQueryAreRefused() async {
        let type = [(name: "content-type", value: "application/x-www-form-urlencoded")]
        let site = Site()
        let form = "grant_type=client_credentials&client_id=scheduler&client_secret=\(site.folder.scheduler)"
        for query in [form, "x"] {
            let answer = Tokens(await Program(site: site).send(type, body: form, query: query))
            #expect(answer.status == 400 && answer.error == "invalid_request")
        }
    }

    @Test(arguments: ["GET", "HEAD", "PUT", "post"]) func onlyPostIsTaken(method: String) async {
        let answer = await Browser(Site()).send(method, "/oidc/v1/token", [], body: "")
        #expect(answer.status == 405 && answer.one("Allow") == "POST")
        #expect(answer.one("Content-Type") == "application/json")
    }

    /// Bound to time, host and workspace.
    @Test func aCodeIsForItsPlaceAndMoment() async {
        let site = Site()
        let browser = Browser(site)
        _ = await browser.login()
        let program = Program(site: site)
        let late = await program.authorize(in: browser).only("code") ?? ""
        site.pass(.seconds(60))
        #expect(Tokens(await program.token(program.codeForm(late))).error == "invalid_grant")
        let strayed = await program.authorize(in: browser).only("code") ?? ""
        // CVE-2025-69196: what is for one workspace is nothing at another.
        #expect(
            Tokens(await Program(site: site, workspace: "dev").token(program.codeForm(strayed))).error
                == "invalid_grant")
        let ended = await program.authorize(in: browser).only("code") ?? ""
        site.keeper.state.withLock { $0.sessions = [:] }
        #expect(Tokens(await program.token(program.codeForm(ended))).error == "invalid_grant")
        #expect(site.logins == 0)
    }

    @Test func aDeadRefreshTokenIsNamedAsSDKsKnowIt() async {
        let site = Site()
        let browser = Browser(site)
        _ = await browser.login()
        let program = Program(site: site)
        let tokens = await program.login(in: browser)
        let other = Tokens(await Program(site: site, workspace: "dev").token(renewal(tokens)))
        #expect(other.description == Self.dead && other.error == "invalid_request" && other.status == 400)
        site.keeper.state.withLock { state in
            for id in state.sessions.keys { state.sessions[id]?.standing = .loginNeeded(reason: "over") }
        }
        #expect(Tokens(await program.token(renewal(tokens))).description == Self.dead)
        site.keeper.state.withLock { $0.sessions = [:] }
        #expect(Tokens(await program.token(renewal(tokens))).description == Self.dead)
    }

    /// An error of the store is not "no session".
    @Test func aStoreThatIsAwayIsNoRefusal() async {
        let site = Site()
        let browser = Browser(site)
        _ = await browser.login()
        let program = Program(site: site)
        let tokens = await program.login(in: browser)
        let code = await program.authorize(in: browser).only("code") ?? ""
        site.keeper.state.withLock { $0.failure = .store(.timedOut) }
        site.flows.failure.withLock { $0 = .store(.timedOut) }
        let exchange: [FormCoding.Field] = [
            .init("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            .init("subject_token", tokens.access ?? ""), .init("subject_token_type", "x"),
        ]
        for form in [program.codeForm(code), renewal(tokens), exchange] {
            let answer = await program.token(form)
            #expect(answer.status == 503 && Int(answer.one("Retry-After")) != nil)
            #expect(Tokens(answer).error == "temporarily_unavailable")
            #expect(answer.one("Content-Type") == "application/json")
        }
        #expect(await program.authorize(in: browser).isEmpty)
    }
}
