import Basics
import OAuth
import Testing

@Suite struct AuthorizeTests {
    /// RFC 7636, appendix B: the random octets, and the octets of the verifier's SHA-256.
    private let octets: [UInt8] = [
        116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191, 240,
        91, 88, 5, 88, 83, 132, 141, 121,
    ]
    private let digest: [UInt8] = [
        19, 211, 30, 150, 26, 26, 216, 236, 47, 22, 177, 12, 76, 152, 46, 8, 118, 168, 120, 173, 109, 241, 68, 86, 110,
        225, 137, 74, 203, 112, 249, 195,
    ]

    @Test func theVectorOfTheRFC() throws {
        let proof = try #require(PKCE(randomBytes: octets))
        #expect(proof.verifier.reveal() == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        let challenge = proof.challenge { hashed in
            #expect(hashed == Array("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".utf8))
            return digest
        }
        #expect(challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test(arguments: [0, 1, 31, 97, 1000])
    func aVerifierOfAnotherSizeIsNotMade(count: Int) {
        #expect(PKCE(randomBytes: Array(repeating: 7, count: count)) == nil)
    }

    @Test(arguments: [32, 64, 96])
    func verifiersHaveAllowedLengths(count: Int) throws {
        let proof = try #require(PKCE(randomBytes: Array(repeating: 7, count: count)))
        #expect((43...128).contains(proof.verifier.reveal().count))
        #expect("\(proof)".contains("<secret>"))
    }

    @Test(arguments: ["", "short", String(repeating: "a", count: 129), String(repeating: "a", count: 42) + "+"])
    func aBadVerifierIsNotTakenBack(text: String) {
        #expect(PKCE(verifier: text) == nil)
    }

    @Test(arguments: [
        ("https://h/a", "https://h/a?response_type=code&"), ("https://h/a?x=1", "https://h/a?x=1&response_type=code&"),
        ("https://h/a?", "https://h/a?response_type=code&"),
        ("https://h/a?x=1&", "https://h/a?x=1&response_type=code&"),
        ("https://h/a#frag", "https://h/a?response_type=code&"),
        ("https://h/a?x=1#f?", "https://h/a?x=1&response_type=code&"),
    ])
    func theEndpointsOwnQueryIsKept(endpoint: String, beginning: String) {
        #expect(request(endpoint).url.hasPrefix(beginning))
    }

    @Test func everyParameterIsThereAndEncoded() throws {
        let url = request("https://h/a").url
        let fields = try #require(FormCoding.decode(String(url.drop { $0 != "?" }.dropFirst())))
        #expect(
            fields == [
                .init("response_type", "code"), .init("client_id", "id&x=1"),
                .init("redirect_uri", "https://p:8443/.lakegate/callback"), .init("scope", "all-apis offline_access"),
                .init("state", "s t"), .init("code_challenge", "abc"), .init("code_challenge_method", "S256"),
            ])
        #expect(url.contains("redirect_uri=https%3A%2F%2Fp%3A8443%2F.lakegate%2Fcallback"))
        #expect(url.contains("scope=all-apis%20offline_access"))
    }

    private func request(_ endpoint: String) -> AuthorizeRequest {
        AuthorizeRequest(
            endpoint: endpoint, clientID: "id&x=1", redirectURI: "https://p:8443/.lakegate/callback",
            scopes: ["all-apis", "offline_access"], state: "s t", challenge: "abc")
    }

    @Test(arguments: [
        (DatabricksEndpoints(workspace: "https://w.example/"), "https://w.example"),
        (DatabricksEndpoints(host: "w.example", port: 443), "https://w.example"),
        (DatabricksEndpoints(host: "::1", port: 8443), "https://[::1]:8443"),
    ])
    func endpointsFollowFromTheWorkspace(endpoints: DatabricksEndpoints, root: String) {
        #expect(endpoints.issuer == root + "/oidc")
        #expect(endpoints.authorize == root + "/oidc/v1/authorize")
        #expect(endpoints.token == root + "/oidc/v1/token")
        #expect(endpoints.me == root + "/api/2.0/preview/scim/v2/Me")
    }
}
