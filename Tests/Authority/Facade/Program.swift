import Basics
import Foundation
import Gate
import OAuth

@testable import Authority

/// A program that logs in by OAuth: through somebody's browser, and at the token endpoint.
struct Program {
    static let redirect = "http://localhost:8020"
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    let site: Site
    var workspace = "prod"
    var account: String?
    var id = "databricks-cli"
    var redirect = Self.redirect
    var state = "st/ate +&=1"

    var host: String { "\(workspace).gate.example" }

    var challenge: String { Base64URL.encode(mixed(Array(Self.verifier.utf8))) }

    var ask: [FormCoding.Field] {
        [
            .init("response_type", "code"), .init("client_id", id), .init("redirect_uri", redirect),
            .init("scope", "all-apis offline_access"), .init("state", state), .init("code_challenge", challenge),
            .init("code_challenge_method", "S256"),
        ]
    }

    func authorizeURL(_ fields: [FormCoding.Field]? = nil) -> String {
        "/oidc/v1/authorize?" + FormCoding.encode(fields ?? ask)
    }

    /// What the program gets at its address, when the person says yes.
    func authorize(in browser: Browser, decision: String = "allow") async -> [FormCoding.Field] {
        let answer = await browser.post(
            "/oidc/v1/consent",
            [
                .init("form_token", await browser.formToken), .init("request", FormCoding.encode(ask)),
                .init("decision", decision),
            ])
        return FormCoding.decode(String(answer.next.drop { $0 != "?" }.dropFirst())) ?? []
    }

    func codeForm(_ code: String) -> [FormCoding.Field] {
        [
            .init("grant_type", "authorization_code"), .init("code", code), .init("redirect_uri", redirect),
            .init("code_verifier", Self.verifier), .init("client_id", id),
        ]
    }

    func token(
        _ fields: [FormCoding.Field], _ more: [(name: String, value: String)] = [], path: String = "/oidc/v1/token"
    ) async -> LocalResponse {
        await send(
            [(name: "content-type", value: "application/x-www-form-urlencoded")] + more,
            body: FormCoding.encode(fields), path: path)
    }

    func send(
        _ fields: [(name: String, value: String)], body: String, path: String = "/oidc/v1/token", query: String = ""
    ) async -> LocalResponse {
        var request = LocalRequest(
            method: "POST", path: path, query: query, authority: host, workspace: workspace, fields: fields,
            body: Array(body.utf8), requestID: "req-2")
        request.realm = account ?? workspace
        return await site.authority.respond(to: request)
    }

    /// The whole login of somebody who is signed in.
    func login(in browser: Browser) async -> Tokens {
        let code = await authorize(in: browser).only("code") ?? ""
        return Tokens(await token(codeForm(code)))
    }
}

/// What the token endpoint said, as JSON.
struct Tokens: Decodable {
    var access: String?
    var refresh: String?
    var type: String?
    var seconds: Int?
    var scope: String?
    var issuedType: String?
    var error: String?
    var description: String?
    var status = 0

    init(_ response: LocalResponse) {
        self = (try? JSONDecoder().decode(Self.self, from: Data(response.body))) ?? Self()
        status = response.status
    }

    init() {}

    enum CodingKeys: String, CodingKey {
        case access = "access_token"
        case refresh = "refresh_token"
        case type = "token_type"
        case seconds = "expires_in"
        case issuedType = "issued_token_type"
        case scope, error
        case description = "error_description"
    }
}

extension LocalResponse {
    /// Where the page sends the browser by itself.
    var next: String {
        let parts = text.components(separatedBy: "content=\"0;url=")
        guard parts.count == 2 else { return "" }
        return String(parts[1].prefix { $0 != "\"" }).replacing("&amp;", with: "&").replacing("&#39;", with: "'")
    }
}
