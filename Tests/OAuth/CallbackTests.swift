import Basics
import OAuth
import Testing

@Suite struct CallbackTests {
    private let issuer = "https://ws.example/oidc"

    @Test(arguments: [
        "code=c&state=s", "state=s&code=c&iss=https%3A%2F%2Fws.example%2Foidc", "state=s&code=c&session_state=x",
    ])
    func aCodeIsGranted(query: String) {
        #expect(
            Callback.read(query: query, expectedIssuer: issuer) == .granted(code: Secret("c"), state: Secret("s")))
    }

    @Test func aDenialCarriesItsText() {
        let verdict = Callback.read(
            query: "error=access_denied&error_description=%3Cscript%3E+no&state=s", expectedIssuer: issuer)
        #expect(verdict == .denied(error: "access_denied", description: "<script> no", state: Secret("s")))
    }

    @Test(arguments: [
        ("", CallbackFault.missingState), ("code=c", .missingState), ("code=c&state=", .missingState),
        ("state=s", .missingCode), ("state=s&code=", .missingCode), ("state=s&error=", .missingCode),
        ("state=s&code=c&error=e", .codeAndError), ("state=s&state=t&code=c", .duplicateParameter),
        ("state=s&code=c&code=c", .duplicateParameter), ("iss=a&iss=b&state=s&code=c", .duplicateParameter),
        ("state=s&code=c&x=1&x=2", .duplicateParameter), ("error=a&error=b&state=s", .duplicateParameter),
        ("state=s&code=c&%73tate=t", .duplicateParameter), ("state=s&code=%", .badEncoding),
        ("state=%ff&code=c", .badEncoding), ("state=s&code=c&iss=https://evil.example/oidc", .foreignIssuer),
        ("state=s&code=c&iss=", .foreignIssuer), ("state=s&code=c&iss=https://ws.example/oidc/", .foreignIssuer),
        ("state=s&error=access_denied&iss=https://evil.example", .foreignIssuer),
    ])
    func everythingElseIsRefused(query: String, fault: CallbackFault) {
        #expect(Callback.read(query: query, expectedIssuer: issuer) == .refused(fault))
    }

    @Test func aHugeQueryIsRefused() {
        let query = "state=s&code=" + String(repeating: "c", count: 20_000)
        #expect(Callback.read(query: query, expectedIssuer: issuer) == .refused(.tooLong))
    }

    @Test func codeAndStateAreNotPrinted() {
        let verdict = Callback.read(query: "code=hidden1&state=hidden2", expectedIssuer: issuer)
        #expect(!"\(verdict)".contains("hidden"))
        #expect(!String(reflecting: verdict).contains("hidden"))
    }
}
