import OAuth
import Settings
import Testing

@testable import lakegate

@Suite("lakegate discover")
struct DiscoveredWorkspaceTests {
    private let location = "https://login.microsoftonline.us/9f37/oauth2/v2.0/authorize?client_id=x"

    @Test("what it prints is a configuration, but for the client ID")
    func configuration() throws {
        let facts = HostFactsDocument(workspaceID: "4711", accountID: "0d26", cloud: "AZURE")
        let found = DiscoveredWorkspace(
            url: "https://adb-4711.19.databricks.azure.us", facts: facts, entra: EntraEndpoints(location: location))
        let rest = "listen: 127.0.0.1:1\ntls: {certificate: a, privateKey: b}\nstore: memory\n"
        let settings = try SettingsParser.parse(
            text: rest + found.text.replacing("…", with: "app"), environment: [:], baseDirectory: "/")
        let workspace = try #require(settings.workspaces.first)
        #expect(workspace.name == "adb-4711" && workspace.upstream.host == "adb-4711.19.databricks.azure.us")
        #expect(workspace.facts == WorkspaceFacts(workspaceID: "4711", accountID: "0d26", cloud: .azure))
        #expect(workspace.oauth.tokenURL == "https://login.microsoftonline.us/9f37/oauth2/v2.0/token")
        #expect(workspace.oauth.scopes == EntraEndpoints.scopes)
    }

    @Test("Databricks' own login needs a client ID only")
    func plain() {
        let text = DiscoveredWorkspace(url: "https://dbc-1.cloud.databricks.com", facts: nil, entra: nil).text
        #expect(text.contains("says nothing of its number") && text.contains("clientID: …") && !text.contains("issuer"))
    }

    @Test(
        "a workspace is an address, nothing more",
        arguments: ["dbc-1", "http://a", "https://a/b", "https://", "https://u@a"])
    func addresses(_ text: String) {
        #expect(HTTPSHost(text) == nil)
    }
}
