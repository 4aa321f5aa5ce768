import Testing

@testable import Simulator

@Suite struct AuthorizeRuleTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var changes: [String: String?]
        var error: String
        var testDescription: String { "\(changes) -> \(error)" }
    }

    static let redirected = [
        Row(changes: ["response_type": nil], error: "invalid_request"),
        Row(changes: ["response_type": "token"], error: "unsupported_response_type"),
        Row(changes: ["code_challenge": nil], error: "invalid_request"),
        Row(changes: ["code_challenge": "short"], error: "invalid_request"),
        Row(changes: ["code_challenge_method": nil], error: "invalid_request"),
        Row(changes: ["code_challenge_method": "plain"], error: "invalid_request"),
        Row(changes: ["scope": "all-apis root"], error: "invalid_scope"),
    ]

    @Test(arguments: redirected)
    func faultsGoToTheClient(row: Row) throws {
        let refusal = try #require(refused(OAuthFixture.fields(OAuthFixture.authorizeFields, row.changes)))
        guard case .redirect(let uri, let error, _, let state) = refusal else {
            Issue.record("not redirected: \(refusal)")
            return
        }
        #expect(uri == OAuthFixture.callback)
        #expect(error == row.error)
        #expect(state == "st&te")
    }

    @Test(
        arguments: [
            ["client_id": nil], ["client_id": "nobody"], ["redirect_uri": nil],
            ["redirect_uri": OAuthFixture.callback + "/"], ["redirect_uri": OAuthFixture.callback + "?x=1"],
            ["redirect_uri": "HTTPS://proxy.example.com/.lakegate/callback"],
        ] as [[String: String?]])
    func untrustedRedirectsStayOnAPage(changes: [String: String?]) throws {
        let refusal = try #require(refused(OAuthFixture.fields(OAuthFixture.authorizeFields, changes)))
        guard case .page = refusal else {
            Issue.record("redirected: \(refusal)")
            return
        }
    }

    @Test func repeatedParameterIsRefused() {
        var fields = OAuthFixture.fields(OAuthFixture.authorizeFields)
        fields.pairs.append((name: "state", value: "other"))
        #expect(refused(fields) != nil)
    }

    @Test func goodRequestIsRead() throws {
        let fields = OAuthFixture.fields(OAuthFixture.authorizeFields, ["login_hint": "grace@example.com"])
        let request = try AuthorizeRequest(fields, clients: OAuthFixture().server.clients)
        #expect(request.scopes == ["all-apis", "offline_access"])
        #expect(request.loginHint == "grace@example.com")
        #expect(request.challenge == OAuthFixture.challenge)
    }

    @Test func loginPageEscapesWhatItShows() throws {
        let fields = OAuthFixture.fields(OAuthFixture.authorizeFields, ["state": "\"><script>"])
        let request = try AuthorizeRequest(fields, clients: OAuthFixture().server.clients)
        let page = LoginPage.form(request, fields: fields, users: [.ada], notice: "<b>")
        #expect(!page.contains("<script>"))
        #expect(page.contains("&quot;&gt;&lt;script&gt;"))
    }

    private func refused(_ fields: FormFields) -> AuthorizeRequest.Refusal? {
        do throws(AuthorizeRequest.Refusal) {
            _ = try AuthorizeRequest(fields, clients: OAuthFixture().server.clients)
            return nil
        } catch {
            return error
        }
    }
}
