import Testing

@testable import Settings

@Suite("Several workspaces")
struct WorkspaceSetTests {
    @Test("a name or host that two workspaces share is a mistake at the second")
    func shared() {
        let second = """

              - name: prod
                hosts: [other.example.com, prod.lakegate.example.com]
                url: https://dbc-5678.cloud.databricks.com
                oauth: {clientID: 5678}
            """
        let found = mistakes(sample + second)
        #expect(found.map(\.place.key) == ["workspaces[1].name", "workspaces[1].hosts[1]"])
        #expect(found.map(\.place.line) == [14, 15])
        #expect(found.last?.problem == "is there twice, first as workspaces[0].hosts[0] (line 10)")
    }

    @Test("a list entry that is no mapping", arguments: ["- prod", "- [a]", "-"])
    func notMapping(_ entry: String) {
        let text = sample.split(separator: "\n").prefix { $0 != "workspaces:" } + ["workspaces:", "  \(entry)"]
        #expect(mistakes(text.joined(separator: "\n")).map(\.place.key) == ["workspaces[0]"])
    }

    @Test("a key in the wrong place is sent home")
    func misplaced() {
        let text = sample("clientID: 0123", becomes: "clientID: 1\nclientSecretFile: a\ncertificate: b\nfrobnicate: c")
        let remedies = mistakes(text).compactMap(\.remedy)
        #expect(
            remedies.first
                == "`clientSecretFile` belongs under `accounts[].oauth` or `accounts[].oauth.formerClients[]` or `workspaces[].oauth`"
                + " or `workspaces[].oauth.formerClients[]` or `workspaces[].servicePrincipals[]`"
        )
        #expect(remedies.dropFirst().first == "`certificate` belongs under `tls`")
        #expect(
            remedies.last
                == "remove it; the keys here are listen, tls, admin, store, storeTLS, storeSentinel, storeReplicas, sealing,"
                + " sessions, accessLog, drain, eventLoops, limits, accounts, workspaces")
    }
}
