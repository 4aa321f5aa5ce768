extension Knob {
    static let everyWorkspace = [
        workspaceName, workspaceHosts, workspaceURL, workspaceCAFile, workspaceBearer, workspaceEgressProxy,
        workspaceEgressProxyLoginFile, oauthClientID, oauthClientSecretFile, oauthScopes, oauthIssuer,
        oauthAuthorizeURL, oauthTokenURL, oauthRevocationEndpoint, oauthRefreshGrace,
    ]

    static let workspaceName = Knob(
        "workspaces[].name", "Name in logs and metrics.",
        shape: Shape.name, example: "prod", .required)
    static let workspaceHosts = Knob(
        "workspaces[].hosts", "Host names under which clients reach the workspace through Lakegate.",
        shape: "a list of host names without scheme or port; each name once in the whole file",
        example: "[prod.lakegate.example.com]", .required)
    static let workspaceURL = Knob(
        "workspaces[].url", "The workspace itself.",
        shape: "https://, a host name and at most a port: no user, path or query",
        example: "https://dbc-1234.cloud.databricks.com", .required)
    static let workspaceCAFile = Knob(
        "workspaces[].caFile", "Extra trust anchors, PEM, for the workspace and its token endpoint.",
        shape: Shape.path, example: "ca.pem", .optional("the system's trust anchors alone"))
    static let workspaceBearer = Knob(
        "workspaces[].bearer", "What happens to a bearer token that Lakegate did not issue.",
        shape: "`pass` or `refuse`", example: "pass", .standard("pass"))
    static let workspaceEgressProxy = Knob(
        "workspaces[].egressProxy", "HTTP proxy (CONNECT) that requests of clients take to the workspace.",
        shape: "http://, a host and a port: no user, path or query", example: "http://proxy.internal:3128",
        .optional("the workspace is reached directly"))
    static let workspaceEgressProxyLoginFile = Knob(
        "workspaces[].egressProxyLoginFile", "File whose first line is `user:password` for `egressProxy`.",
        shape: Shape.path, example: "proxy.login", .optional("the proxy asks for none"), echo: .withheld)

    static let oauthClientID = Knob(
        "workspaces[].oauth.clientID", "Client ID of the app connection registered in Databricks.",
        shape: "the client ID, without spaces", example: "0123-app", .required)
    static let oauthClientSecretFile = Knob(
        "workspaces[].oauth.clientSecretFile", "File whose first line is the client secret.", shape: Shape.path,
        example: "client.secret", .optional("a public client: PKCE alone"), echo: .withheld)
    static let oauthScopes = Knob(
        "workspaces[].oauth.scopes", "What is asked for at login; without offline_access there is no refresh.",
        shape: "a list of scopes without spaces", example: "[all-apis, offline_access]",
        .standard("[all-apis, offline_access]"))
    static let oauthIssuer = Knob(
        "workspaces[].oauth.issuer", "Expected `iss` of a callback (RFC 9207).", shape: Shape.address,
        example: "https://dbc-1234.cloud.databricks.com/oidc", .optional("`url` and /oidc"))
    static let oauthAuthorizeURL = Knob(
        "workspaces[].oauth.authorizeURL", "Where a browser is sent to log in.",
        shape: "an https:// URL without user or fragment",
        example: "https://dbc-1234.cloud.databricks.com/oidc/v1/authorize",
        .optional("`url` and /oidc/v1/authorize"))
    static let oauthTokenURL = Knob(
        "workspaces[].oauth.tokenURL", "Where codes and refresh tokens are exchanged.",
        shape: "an https:// URL without user or fragment",
        example: "https://dbc-1234.cloud.databricks.com/oidc/v1/token", .optional("`url` and /oidc/v1/token"))
    static let oauthRevocationEndpoint = Knob(
        "workspaces[].oauth.revocationEndpoint", "Where the refresh tokens of ended sessions are revoked (RFC 7009).",
        shape: "an https:// URL without user or fragment", example: "https://login.example.com/oauth2/revoke",
        .optional("nowhere; Databricks has none"))
    static let oauthRefreshGrace = Knob(
        "workspaces[].oauth.refreshGrace", "How long the provider takes a spent refresh token again, if it does.",
        shape: "a duration from 0s to 10m: a whole number and one of s, m, h, d", example: "30s", .standard("0s"))
}
