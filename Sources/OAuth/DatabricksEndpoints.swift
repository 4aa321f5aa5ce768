/// Where a Databricks workspace has its OAuth and identity endpoints, unless the configuration says otherwise.
public struct DatabricksEndpoints: Sendable, Equatable {
    public let issuer: String
    public let authorize: String
    public let token: String
    /// SCIM: who the bearer is.
    public let me: String

    /// `workspace` is scheme and authority, such as `https://dbc-1234.cloud.databricks.com`, with or without a final `/`.
    public init(workspace: String) {
        let root = workspace.hasSuffix("/") ? String(workspace.dropLast()) : workspace
        issuer = "\(root)/oidc"
        authorize = "\(root)/oidc/v1/authorize"
        token = "\(root)/oidc/v1/token"
        me = "\(root)/api/2.0/preview/scim/v2/Me"
    }

    /// An IPv6 address comes without brackets and gets them here.
    public init(host: String, port: Int) {
        let name = host.contains(":") ? "[\(host)]" : host
        self.init(workspace: port == 443 ? "https://\(name)" : "https://\(name):\(port)")
    }
}
