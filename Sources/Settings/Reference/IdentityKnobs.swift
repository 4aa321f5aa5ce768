extension Knob {
    static let identities =
        [workspaceID, accountID, cloud, nativeClients, servicePrincipals] + ofPrincipal + [clients] + ofClient
        + [identityRules] + ofMatch + [actAs]

    private static let ofPrincipal = [
        principalName, principalClientID, principalSecretFile, principalScopes, principalTokenURL, principalAzureID,
    ]
    private static let ofClient = [
        clientName, clientKeyFile, clientCertificateName, clientTokenIssuer, clientTokenSubject, clientTokenAudience,
        clientTokenKeysURL, clientRedirectURIs, clientMayAskForSessions,
    ]
    private static let ofMatch = [
        matchPath, matchMethod, matchWarehouse, matchCluster, matchJob, matchClient, matchUser, matchGroup,
    ]

    static let workspaceID = Knob(
        "workspaces[].workspaceID", "Databricks' number of the workspace, for clients that ask.",
        shape: "the number behind `?o=` in the workspace's URLs", example: "'1234567890123456'",
        .optional("clients are told none"))
    static let accountID = Knob(
        "workspaces[].accountID", "Databricks' account of the workspace, for clients that ask.",
        shape: "the account's id, without spaces", example: "0d26daa6-5e44-4c97-a497-ef015f91254a",
        .optional("clients are told none"))
    static let cloud = Knob(
        "workspaces[].cloud", "The cloud of the workspace, for clients that ask.", shape: "`AWS`, `Azure` or `GCP`",
        example: "Azure", .optional("told by the host name in `url`"))
    static let nativeClients = Knob(
        "workspaces[].nativeClients",
        "Client IDs of programs that people may log in with through Lakegate, sent back to loopback only.",
        shape: "a list of client IDs without spaces", example: "[databricks-cli]",
        .standard(
            "[databricks-cli, databricks-sql-python, databricks-sql-connector, databricks-sql-jdbc, dbt-databricks]"))

    static let servicePrincipals = Knob(
        "workspaces[].servicePrincipals", "Service principals that requests may act as.", shape: "a list of principals",
        example: "[{name: nightly, clientID: …, clientSecretFile: …}]", .optional("none"))
    static let principalName = Knob(
        "workspaces[].servicePrincipals[].name", "Its name in rules, logs and metrics.", shape: Shape.name,
        example: "nightly", .required)
    static let principalClientID = Knob(
        "workspaces[].servicePrincipals[].clientID", "Its application id.", shape: "the client ID, without spaces",
        example: "5678-sp", .required)
    static let principalSecretFile = Knob(
        "workspaces[].servicePrincipals[].clientSecretFile",
        "File whose first line is its OAuth secret; read at each use.", shape: Shape.path, example: "nightly.secret",
        .required, echo: .withheld)
    static let principalScopes = Knob(
        "workspaces[].servicePrincipals[].scopes", "What its tokens are for.", shape: "a list of scopes without spaces",
        example: "[2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default]", .standard("[all-apis]"))
    static let principalTokenURL = Knob(
        "workspaces[].servicePrincipals[].tokenURL",
        "Where it gets its tokens: the workspace, the account, or Entra ID.",
        shape: "an https:// URL without user or fragment",
        example: "https://login.microsoftonline.com/TENANT/oauth2/v2.0/token", .optional("`url` and /oidc/v1/token"))
    static let principalAzureID = Knob(
        "workspaces[].servicePrincipals[].azureResourceID",
        "Azure's name of the workspace, for a principal that only Azure knows: a token for Azure's management goes along.",
        shape: "/subscriptions/…, without spaces",
        example: "/subscriptions/S/resourceGroups/G/providers/Microsoft.Databricks/workspaces/W",
        .optional("one token is enough"))

    static let clients = Knob(
        "workspaces[].clients", "Programs that use the workspace without a person.", shape: "a list of clients",
        example: "[{name: scheduler, keyFile: scheduler.key}]", .optional("none"))
    static let clientName = Knob(
        "workspaces[].clients[].name", "Its name in rules and logs, and its client ID.", shape: Shape.name,
        example: "scheduler", .required)
    static let clientKeyFile = Knob(
        "workspaces[].clients[].keyFile",
        "File whose first line is its key, made by `lakegate keys client`: a bearer, and its client secret.",
        shape: Shape.path, example: "scheduler.key", .optional("it has no key"), echo: .withheld)
    static let clientCertificateName = Knob(
        "workspaces[].clients[].certificateName",
        "A DNS name, URI or e-mail address in the certificate that it shows; needs `tls.clientAuthorityFile`.",
        shape: "the name as in the certificate, without spaces", example: "scheduler.internal",
        .optional("no certificate opens anything for it"))
    static let clientTokenIssuer = Knob(
        "workspaces[].clients[].tokenIssuer", "`iss` of the signed tokens (JWT) that it shows.", shape: Shape.address,
        example: "https://token.actions.githubusercontent.com", .optional("no signed token opens anything for it"))
    static let clientTokenSubject = Knob(
        "workspaces[].clients[].tokenSubject", "`sub` of these tokens.", shape: "the subject, without spaces",
        example: "repo:example/pipelines:ref:refs/heads/main", .optional("needed beside `tokenIssuer`"))
    static let clientTokenAudience = Knob(
        "workspaces[].clients[].tokenAudience", "What must be among `aud` of these tokens.",
        shape: "the audience, without spaces", example: "lakegate", .optional("needed beside `tokenIssuer`"))
    static let clientTokenKeysURL = Knob(
        "workspaces[].clients[].tokenKeysURL", "The issuer's public keys (JWKS).",
        shape: "an https:// URL without user or fragment", example: "https://issuer.example.com/jwks.json",
        .optional("found by the issuer's /.well-known/openid-configuration"))
    static let clientRedirectURIs = Knob(
        "workspaces[].clients[].redirectURIs",
        "Where people that it sends to log in come back to, exactly; its key is the client secret.",
        shape: "a list of https:// URLs without fragment",
        example: "[https://ide.example.com/api/databricks/oauthredirect]", .optional("it sends nobody to log in"))
    static let clientMayAskForSessions = Knob(
        "workspaces[].clients[].mayAskForSessions", "Whether it may ask people to hand it a session.",
        shape: Shape.flag, example: "true", .standard("false"))

    static let identityRules = Knob(
        "workspaces[].identities",
        "Which requests act as whom; the first rule that matches counts. Without one, people act as themselves, and programs"
            + " may do nothing.",
        shape: "a list of rules", example: "[{match: {client: scheduler}, actAs: nightly}]", .optional("no rules"))
    static let matchPath = Knob(
        "workspaces[].identities[].match.path", "Path of the request, without its query; `*` at its end for all below.",
        shape: Shape.several("a path that begins with `/`"), example: "/api/2.1/jobs/*", .optional("any"))
    static let matchMethod = Knob(
        "workspaces[].identities[].match.method", "Its method.", shape: Shape.several("a method in capitals"),
        example: "[POST, PUT]", .optional("any"))
    static let matchWarehouse = Knob(
        "workspaces[].identities[].match.warehouse",
        "The SQL warehouse that it names in its path, or in the body of a statement or SQL session.",
        shape: Shape.several("a warehouse's id"), example: "abc123def456", .optional("any, or none"))
    static let matchCluster = Knob(
        "workspaces[].identities[].match.cluster",
        "The cluster that it names in its path or in x-databricks-cluster-id.", shape: Shape.several("a cluster's id"),
        example: "0923-164208-meows279", .optional("any, or none"))
    static let matchJob = Knob(
        "workspaces[].identities[].match.job", "The job that it names in its query, or in the body of a run.",
        shape: Shape.several("a job's number"), example: "'620000123'", .optional("any, or none"))
    static let matchClient = Knob(
        "workspaces[].identities[].match.client", "The program that asks.", shape: Shape.several("a name of `clients`"),
        example: "scheduler", .optional("anybody"))
    static let matchUser = Knob(
        "workspaces[].identities[].match.user", "The person who asks.", shape: Shape.several("a user name"),
        example: "[ann@example.com]", .optional("anybody"))
    static let matchGroup = Knob(
        "workspaces[].identities[].match.group",
        "A group that the person was in at the login, as Databricks writes it; not beside `user`.",
        shape: Shape.several("a group's name"), example: "data-admins", .optional("anybody"))
    static let actAs = Knob(
        "workspaces[].identities[].actAs", "Whose token the workspace sees.",
        shape: "`user`, `refuse`, or a name of `servicePrincipals`", example: "nightly", .required)
}
