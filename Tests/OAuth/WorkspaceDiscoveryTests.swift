import Testing

@testable import OAuth

@Suite("What a workspace says of itself")
struct WorkspaceDiscoveryTests {
    @Test(
        "Entra's endpoints follow from where an Azure workspace sends people",
        arguments: [
            "https://login.microsoftonline.com/9f37/oauth2/v2.0/authorize?client_id=x",
            "https://login.microsoftonline.com/9f37/oauth2/authorize",
            "https://login.microsoftonline.com/9f37/oauth2/v2.0/authorize#",
        ])
    func entra(_ location: String) throws {
        let found = try #require(EntraEndpoints(location: location))
        #expect(found.issuer == "https://login.microsoftonline.com/9f37/v2.0")
        #expect(found.authorize == "https://login.microsoftonline.com/9f37/oauth2/v2.0/authorize")
        #expect(found.token == "https://login.microsoftonline.com/9f37/oauth2/v2.0/token")
    }

    @Test(
        "no other place is taken for Entra",
        arguments: [
            "", "/oidc/v1/authorize", "https://dbc-1.cloud.databricks.com/oidc/v1/authorize",
            "https://login.microsoftonline.com",
            "http://login.microsoftonline.com/t/oauth2/v2.0/authorize",
            "https://login.microsoftonline.com.evil.example/t/oauth2/authorize",
            "https://login.microsoftonline.com@evil.example/t/oauth2/authorize",
            "https://login.microsoftonline.com/a b/oauth2/authorize",
            "https://login.microsoftonline.com//oauth2/authorize", "https://login.microsoftonline.com/t/oauth2/token",
        ])
    func others(_ location: String) {
        #expect(EntraEndpoints(location: location) == nil)
    }

    @Test("what could not stand in a configuration is left out of the facts")
    func facts() {
        let text = #"{"account_id":"0d26","workspace_id":"12\n34","cloud":"Azure","oidc_endpoint":"https://x/oidc"}"#
        let facts = HostFactsDocument.parse(Array(text.utf8))
        #expect(facts == HostFactsDocument(workspaceID: nil, accountID: "0d26", cloud: "Azure"))
        #expect(HostFactsDocument.parse(Array("<html>".utf8)) == nil)
    }
}
