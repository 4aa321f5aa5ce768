import Basics
import OAuth
import Testing

@Suite struct TokenTests {
    private let publicClient = ClientIdentity(id: "app 1", secret: nil)

    @Test func aPublicClientNamesItselfInTheBody() {
        let request = TokenRequest(
            .code(Secret("c&d"), redirectURI: "https://p/.lakegate/callback", verifier: Secret("v")), by: publicClient)
        #expect(
            text(request)
                == "grant_type=authorization_code&code=c%26d&redirect_uri=https%3A%2F%2Fp%2F.lakegate%2Fcallback"
                + "&code_verifier=v&client_id=app%201")
        #expect(request.authorization == nil)
    }

    @Test func aConfidentialClientNamesItselfInTheHeader() {
        let client = ClientIdentity(id: "app:1", secret: Secret("p ä%"))
        let request = TokenRequest(.refreshToken(Secret("r+1")), by: client)
        #expect(text(request) == "grant_type=refresh_token&refresh_token=r%2B1")
        // base64 of app%3A1:p%20%C3%A4%25
        #expect(request.authorization?.reveal() == "Basic YXBwJTNBMTpwJTIwJUMzJUE0JTI1")
        #expect(!"\(request)".contains("r+1") && !"\(request)".contains("p ä"))
    }

    @Test func aRevocationShowsWhoAsksAsTheTokenEndpointIsShown() {
        let open = RevocationRequest(Secret("r+1"), by: publicClient)
        #expect(
            String(decoding: open.body.reveal(), as: UTF8.self)
                == "token=r%2B1&token_type_hint=refresh_token&client_id=app%201")
        #expect(open.authorization == nil)
        let closed = RevocationRequest(Secret("r+1"), by: ClientIdentity(id: "app:1", secret: Secret("p ä%")))
        #expect(String(decoding: closed.body.reveal(), as: UTF8.self) == "token=r%2B1&token_type_hint=refresh_token")
        #expect(closed.authorization?.reveal() == "Basic YXBwJTNBMTpwJTIwJUMzJUE0JTI1")
        #expect(!"\(closed)".contains("r+1"))
    }

    @Test(arguments: [
        (200, "", nil), (204, "", nil), (503, "", "status 503"), (302, "", "status 302"),
        (400, #"{"error":"unsupported_token_type"}"#, "status 400: unsupported_token_type"),
        (401, #"{"error":"invalid_client","error_description":"no\u0007"}"#, "status 401: invalid_client: no"),
    ])
    func theAnswerOfARevocationIsRead(status: Int, body: String, fault: String?) {
        #expect(RevocationRequest.fault(status: status, body: Array(body.utf8)) == fault)
    }

    private func text(_ request: TokenRequest) -> String {
        String(decoding: request.body.reveal(), as: UTF8.self)
    }

    @Test(arguments: [
        (#"{"access_token":"a","token_type":"Bearer","expires_in":60}"#, 60),
        (#"{"access_token":"a","token_type":"bEARER","expires_in":"60"}"#, 60),
        (#"{"access_token":"a","token_type":"bearer"}"#, 3600),
        (#"{"access_token":"a","token_type":"bearer","expires_in":null}"#, 3600),
        (#"{"access_token":"a","token_type":"bearer","expires_in":59.9,"x":[{}]}"#, 59),
        (#"{"access_token":"a","token_type":"bearer","expires_in":1e300}"#, 400 * 86400),
    ])
    func tokensAreRead(body: String, seconds: Int) throws {
        let response = try TokenResponse.parse(Array(body.utf8))
        #expect(response.accessToken.reveal() == "a")
        #expect(response.lifetime == .seconds(seconds))
        #expect(response.refreshToken == nil)
    }

    @Test func refreshTokenAndScopeAreRead() throws {
        let body = #"{"access_token":"hidden1","token_type":"Bearer","refresh_token":"hidden2","scope":"all-apis"}"#
        let response = try TokenResponse.parse(Array(body.utf8))
        #expect(response.refreshToken?.reveal() == "hidden2")
        #expect(response.scope == "all-apis")
        #expect(!"\(response)".contains("hidden") && !String(reflecting: response).contains("hidden"))
    }

    @Test("mod_auth_openidc 2026-07-31: an id_token says nothing here, whoever it names, and is not kept")
    func anIDTokenSaysNothing() throws {
        for token in [#""e30.eyJzdWIiOiJzb21lYm9keSBlbHNlIn0.AA""#, "7", "null", #"{"sub":"x"}"#] {
            let body = #"{"access_token":"a","token_type":"bearer","id_token":\#(token)}"#
            let response = try TokenResponse.parse(Array(body.utf8))
            #expect(response.accessToken.reveal() == "a" && response.refreshToken == nil)
            #expect(!String(reflecting: response).contains("e30"))
        }
    }

    @Test(arguments: [
        ("", TokenResponseFault.notTokenJSON), ("null", .notTokenJSON), ("[]", .notTokenJSON),
        ("<html>", .notTokenJSON),
        ("{", .notTokenJSON), (#"{"access_token":1,"token_type":"bearer"}"#, .notTokenJSON),
        (#"{"access_token":"a","token_type":"bearer","expires_in":true}"#, .notTokenJSON),
        (#"{"access_token":"a","token_type":"bearer","expires_in":"soon"}"#, .notTokenJSON),
        (#"{"access_token":"a","token_type":"bearer","expires_in":"nan"}"#, .notTokenJSON),
        (#"{"access_token":"a","token_type":"bearer","expires_in":"inf"}"#, .notTokenJSON),
        (#"{"access_token":"a","token_type":"bearer","expires_in":0}"#, .badLifetime),
        (#"{"access_token":"a","token_type":"bearer","expires_in":-1e300}"#, .badLifetime),
        (#"{"error":"invalid_grant"}"#, .errorInside), (#"{"token_type":"bearer"}"#, .noAccessToken),
        (#"{"access_token":"","token_type":"bearer"}"#, .noAccessToken),
        (#"{"access_token":"a\r\nX: y","token_type":"bearer"}"#, .noAccessToken),
        (#"{"access_token":"ä","token_type":"bearer"}"#, .noAccessToken),
        (#"{"access_token":"a"}"#, .notBearer), (#"{"access_token":"a","token_type":"mac"}"#, .notBearer),
        (#"{"access_token":"a","token_type":"bearer","refresh_token":"a b"}"#, .badRefreshToken),
    ])
    func nonsenseIsNotTokens(body: String, fault: TokenResponseFault) {
        #expect(throws: fault) { try TokenResponse.parse(Array(body.utf8)) }
    }

    @Test("CVE-2023-28625: huge and deep answers are refused") func hugeAndDeepAnswersAreRefused() {
        let deep = #"{"access_token":"a","token_type":"bearer","x":"#
        for count in [40, 100_000] {
            let body = deep + String(repeating: "[", count: count) + String(repeating: "]", count: count) + "}"
            #expect(throws: TokenResponseFault.notTokenJSON) { try TokenResponse.parse(Array(body.utf8)) }
        }
        let long = #"{"access_token":"\#(String(repeating: "a", count: 300_000))","token_type":"bearer"}"#
        #expect(throws: TokenResponseFault.notTokenJSON) { try TokenResponse.parse(Array(long.utf8)) }
        let quoted = #"{"access_token":"a","token_type":"bearer","x":"\"\#(String(repeating: "[", count: 100))"}"#
        #expect(throws: Never.self) { try TokenResponse.parse(Array(quoted.utf8)) }
    }

    /// Truncations and single-byte changes of a good answer: an error or tokens, never a trap.
    @Test func damagedAnswersNeverTrap() {
        let good = Array(#"{"access_token":"a\u0041\n","token_type":"Bearer","expires_in":"3.6e3","scope":"é"}"#.utf8)
        for index in good.indices {
            _ = try? TokenResponse.parse(Array(good[..<index]))
            for byte in [UInt8(0), 0x22, 0x5C, 0x7B, 0x80, 0xFF] {
                var damaged = good
                damaged[index] = byte
                _ = try? TokenResponse.parse(damaged)
                _ = TokenError.classify(status: 400, retryAfter: nil, body: damaged)
                _ = ScimMe.parse(damaged)
                _ = RejectedTokenClassifier.classify(status: 403, reasonPhrase: nil, bodyPrefix: damaged)
            }
        }
    }

    @Test(arguments: [
        (400, #"{"error":"invalid_grant"}"#, true),
        (401, #"{"error":"invalid_grant","error_description":"Invalid Client"}"#, true),
        (400, #"{"error":"invalid_request","error_description":"Refresh token is invalid"}"#, true),
        (401, #"{"error":"invalid_request","error_description":"Refresh token is invalid."}"#, true),
        (400, #"{"errorCode":"invalid_grant","errorSummary":"dead"}"#, true),
        (400, #"{"error":"invalid_request","error_description":"Missing parameter"}"#, false),
        (400, #"{"error":"invalid_request"}"#, false), (401, #"{"error":"invalid_client"}"#, false),
        (400, #"{"errorCode":"E0000021","errorSummary":"Bad media type"}"#, false),
        (500, #"{"error":"invalid_grant"}"#, false), (429, #"{"error":"invalid_grant"}"#, false),
        (503, "", false), (302, "<html>invalid_grant</html>", false), (400, "invalid_grant", false),
    ])
    func onlyADeadGrantIsDead(status: Int, body: String, dead: Bool) {
        switch TokenError.classify(status: status, retryAfter: nil, body: Array(body.utf8)) {
        case .deadGrant: #expect(dead)
        case .passing, .badClient: #expect(!dead)
        }
    }

    @Test(arguments: [
        (401, #"{"error":"invalid_client"}"#, true), (400, #"{"error":"unauthorized_client"}"#, true),
        (500, #"{"error":"invalid_client"}"#, false), (401, #"{"error":"invalid_grant"}"#, false),
        (401, #"{"error":"invalid_request","error_description":"invalid_client"}"#, false),
    ])
    func aClientThatIsNotTaken(status: Int, body: String, isBad: Bool) {
        let error = TokenError.classify(status: status, retryAfter: nil, body: Array(body.utf8))
        if case .badClient = error { #expect(isBad) } else { #expect(!isBad) }
    }

    @Test(arguments: [
        (nil, nil), ("", nil), ("120", Duration.seconds(120)), ("-1", nil), ("1.5", nil),
        ("999999999", .seconds(86400)),
        ("99999999999999999999", nil), ("Wed, 21 Oct 2015 07:28:00 GMT", nil),
    ])
    func retryAfterIsWholeSeconds(field: String?, delay: Duration?) {
        let error = TokenError.classify(status: 503, retryAfter: field, body: [])
        #expect(error == .passing(reason: "status 503", retryAfter: delay))
    }

    @Test func theReasonIsSafeToLog() {
        let token = String(repeating: "x", count: 60)
        let body = #"{"error":"invalid_grant","error_description":"no\r\nSet-Cookie: \#(token)"}"#
        let error = TokenError.classify(status: 400, retryAfter: nil, body: Array(body.utf8))
        #expect(error == .deadGrant(reason: "status 400: invalid_grant: no Set-Cookie: …"))
    }
}
