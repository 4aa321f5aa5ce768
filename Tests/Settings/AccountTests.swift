import Testing

@testable import Settings

@Suite("Accounts")
struct AccountTests {
    private static let account = """
        accounts:
          - name: acme
            accountID: 0d26
            oauth: {clientID: app, clientSecretFile: app.secret}
        """
    private static let oauth = "    oauth:\n      clientID: 0123"
    private static let ofAccount = sample.replacing(oauth, with: "    account: acme") + "\n" + account

    @Test("a login of an account opens each of its workspaces, and no other")
    func shared() throws {
        let other = """

              - name: dev
                hosts: [dev.example.com]
                url: https://dbc-2.cloud.databricks.com
                account: acme
              - name: apart
                hosts: [apart.example.com]
                url: https://dbc-3.cloud.databricks.com
                oauth: {clientID: apart}
            """
        let text = sample.replacing(Self.oauth, with: "    account: acme") + other + "\n" + Self.account
        let settings = try parse(text)
        #expect(settings.workspaces.map(\.realm) == ["acme", "acme", "apart"])
        #expect(settings.realms.map(\.name) == ["prod", "apart"])
        #expect(settings.workspaces.map(\.oauth.clientID) == ["app", "app", "apart"])
        #expect(settings.workspaces.map(\.facts.accountID) == ["0d26", "0d26", nil])
    }

    @Test(
        "Databricks' endpoints follow from the account's id and its cloud",
        arguments: [
            ("AWS", "accounts.cloud.databricks.com"), ("Azure", "accounts.azuredatabricks.net"),
            ("GCP", "accounts.gcp.databricks.com"),
        ])
    func endpoints(_ cloud: String, _ host: String) throws {
        let text = Self.ofAccount.replacing("accountID: 0d26", with: "accountID: 0d26\n    cloud: \(cloud)")
        let oauth = try #require(try parse(text).accounts.first?.oauth)
        #expect(oauth.issuer == "https://\(host)/oidc/accounts/0d26")
        #expect(oauth.authorizeURL == "https://\(host)/oidc/accounts/0d26/v1/authorize")
        #expect(oauth.tokenURL == "https://\(host)/oidc/accounts/0d26/v1/token")
    }

    @Test("an identity provider has no id, but addresses")
    func provider() throws {
        let addresses = """
            issuer: https://login.example.com/t
                  authorizeURL: https://login.example.com/t/authorize
                  tokenURL: https://login.example.com/t/token
            """
        let text = Self.ofAccount.replacing("    accountID: 0d26\n", with: "").replacing(
            "oauth: {clientID: app, clientSecretFile: app.secret}",
            with: "oauth:\n      clientID: app\n      \(addresses)")
        #expect(try parse(text).accounts.first?.oauth.tokenURL == "https://login.example.com/t/token")
    }

    @Test("without an id its three addresses are missing")
    func nowhere() {
        let found = mistakes(Self.ofAccount.replacing("    accountID: 0d26\n", with: ""))
        #expect(found.map(\.place.key) == ["issuer", "authorizeURL", "tokenURL"].map { "accounts[0].oauth.\($0)" })
        #expect(found.first?.remedy == "add `accountID`, or `issuer` under `oauth:`")
    }

    @Test("a workspace names an account that is there, and no login of its own beside it")
    func names() {
        let unknown = mistakes(Self.ofAccount.replacing("account: acme", with: "account: emca"))
        #expect(unknown.map(\.place.key) == ["workspaces[0].account"])
        let both = mistakes(sample.replacing("    oauth:", with: "    account: acme\n    oauth:") + "\n" + Self.account)
        #expect(both.map(\.place.key) == ["workspaces[0].oauth"])
        let same = mistakes(Self.ofAccount.replacing("acme", with: "prod"))
        #expect(same.map(\.problem) == ["is there twice, first as accounts[0].name (line 14)"])
    }

    @Test("what is wrong with an account is said once, not for each workspace")
    func once() {
        let found = mistakes(Self.ofAccount.replacing("clientID: app, ", with: ""))
        #expect(found.map(\.place.key) == ["accounts[0].oauth.clientID"])
    }
}
