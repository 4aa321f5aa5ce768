import OAuth
import Settings

/// What a workspace said of itself, as lines of a configuration.
struct DiscoveredWorkspace: Equatable {
    var url: String
    var facts: HostFactsDocument?
    var entra: EntraEndpoints?

    /// Ends with a newline.
    var text: String { lines.map { $0 + "\n" }.joined() }

    private var lines: [String] {
        let name = HTTPSHost(url)?.profileName ?? "prod"
        return [
            "workspaces:", "  - name: \(name)", "    hosts: [\(name).lakegate.example.com]   # as clients will call it",
            "    url: \(url)",
        ] + known + ["    oauth:"] + login
    }

    private var known: [String] {
        guard let facts else { return ["    # it says nothing of its number, account and cloud"] }
        let values = [
            ("workspaceID", facts.workspaceID.map { "'\($0)'" }), ("accountID", facts.accountID), ("cloud", cloud),
        ]
        return values.compactMap { key, value in value.map { "    \(key): \($0)" } }
    }

    private var cloud: String? {
        [WorkspaceFacts.Cloud.aws, .azure, .gcp].map(\.rawValue).first {
            $0.lowercased() == facts?.cloud?.lowercased()
        }
    }

    /// Databricks' own login needs no more than a client; Entra's is for those whose app is registered there.
    private var login: [String] {
        guard let entra else { return ["      clientID: …   # of the app connection in the account console"] }
        return [
            "      clientID: …   # of the app connection in the account console, without the lines below;",
            "                    # or of an app registered in Entra ID, with them", "      issuer: \(entra.issuer)",
            "      authorizeURL: \(entra.authorize)", "      tokenURL: \(entra.token)",
            "      scopes: [\(EntraEndpoints.scopes.joined(separator: ", "))]",
        ]
    }
}
