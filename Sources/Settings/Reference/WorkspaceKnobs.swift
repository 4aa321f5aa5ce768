extension Knob {
    static let everyWorkspace =
        [
            workspaceName, workspaceHosts, workspaceURL, workspaceCAFile, workspaceBearer, workspaceEgressProxy,
            workspaceEgressProxyLoginFile, workspaceAccount,
        ] + OAuthKnobs.ofWorkspace.all

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
    static let workspaceAccount = Knob(
        "workspaces[].account",
        "The account that people log in at, in place of `oauth`; a login opens all its workspaces.",
        shape: "a name of `accounts`", example: "acme", .optional("the workspace has logins of its own"))
}
