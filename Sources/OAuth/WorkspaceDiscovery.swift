/// What a workspace says of itself to anybody, at `/.well-known/databricks-config`.
public struct HostFactsDocument: Sendable, Equatable {
    public var workspaceID: String?
    public var accountID: String?
    public var cloud: String?

    public init(workspaceID: String?, accountID: String?, cloud: String?) {
        self.workspaceID = workspaceID
        self.accountID = accountID
        self.cloud = cloud
    }

    /// `nil` for what is no such document; what could not stand in a configuration is left out.
    public static func parse(_ body: [UInt8]) -> HostFactsDocument? {
        BoundedJSON.decode(Document.self, from: body).map { document in
            HostFactsDocument(
                workspaceID: plain(document.workspace_id), accountID: plain(document.account_id),
                cloud: plain(document.cloud))
        }
    }

    private static func plain(_ text: String?) -> String? {
        text.flatMap { $0.isPlainName ? $0 : nil }
    }

    // Spelt as on the wire.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Document: Decodable {
        var workspace_id: String?
        var account_id: String?
        var cloud: String?
    }
}

/// Entra ID's endpoints of a tenant, by where an Azure workspace sends people who log in.
public struct EntraEndpoints: Sendable, Equatable {
    /// Scheme and host.
    public var authority: String
    public var tenant: String

    public var issuer: String { "\(authority)/\(tenant)/v2.0" }
    public var authorize: String { "\(authority)/\(tenant)/oauth2/v2.0/authorize" }
    public var token: String { "\(authority)/\(tenant)/oauth2/v2.0/token" }

    /// Azure Databricks, in every one of Azure's clouds.
    public static let scopes = ["2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/user_impersonation", "offline_access"]

    /// `nil` for any other place than the authorize endpoint of a tenant at one of Entra's hosts.
    public init?(location: String) {
        guard location.hasPrefix("https://") else { return nil }
        let rest = location.dropFirst("https://".count)
        let path = rest.prefix { $0 != "?" && $0 != "#" }.split(separator: "/", omittingEmptySubsequences: false)
        guard path.count >= 4, Self.hosts.contains(String(path[0])), String(path[1]).isPlainName,
            path[2] == "oauth2", path.last == "authorize"
        else { return nil }
        (authority, tenant) = ("https://\(path[0])", String(path[1]))
    }

    private static let hosts: Set = ["login.microsoftonline.com", "login.microsoftonline.us", "login.chinacloudapi.cn"]
}

extension String {
    /// Letters, digits, `-`, `_` and `.`, at most 64.
    fileprivate var isPlainName: Bool {
        (1...64).contains(utf8.count)
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
