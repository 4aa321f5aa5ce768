/// The keys of an app connection, which stand under each workspace or account that people log in at.
struct OAuthKnobs {
    let clientID, clientSecretFile, scopes, issuer, authorizeURL, tokenURL, revocationEndpoint, refreshGrace: Knob
    let formerClients, formerClientID, formerClientSecretFile: Knob

    static let ofWorkspace = OAuthKnobs(
        "workspaces[]", "https://dbc-1234.cloud.databricks.com/oidc", issuer: "`url` and /oidc",
        endpoint: "`url` and /oidc/v1/")
    static let ofAccount = OAuthKnobs(
        "accounts[]", "https://accounts.cloud.databricks.com/oidc/accounts/0d26daa6-5e44-4c97-a497-ef015f91254a",
        issuer: "that of `accountID` in `cloud`", endpoint: "that of `accountID` in `cloud`, /v1/")

    var all: [Knob] {
        [
            clientID, clientSecretFile, scopes, issuer, authorizeURL, tokenURL, revocationEndpoint, refreshGrace,
            formerClients, formerClientID, formerClientSecretFile,
        ]
    }

    private init(_ owner: String, _ root: String, issuer: String, endpoint: String) {
        let place = "\(owner).oauth"
        clientID = Knob(
            "\(place).clientID", "Client ID of the app connection registered in Databricks.",
            shape: "the client ID, without spaces", example: "0123-app", .required)
        clientSecretFile = Knob(
            "\(place).clientSecretFile", "File whose first line is the client secret.", shape: Shape.path,
            example: "client.secret", .optional("a public client: PKCE alone"), echo: .withheld)
        scopes = Knob(
            "\(place).scopes", "What is asked for at login; without offline_access there is no refresh.",
            shape: "a list of scopes without spaces", example: "[all-apis, offline_access]",
            .standard("[all-apis, offline_access]"))
        self.issuer = Knob(
            "\(place).issuer", "Expected `iss` of a callback (RFC 9207).", shape: Shape.address, example: root,
            .optional(issuer))
        authorizeURL = Self.url(
            "\(place).authorizeURL", "Where a browser is sent to log in.", "\(root)/v1/authorize",
            "\(endpoint)authorize")
        tokenURL = Self.url(
            "\(place).tokenURL", "Where codes and refresh tokens are exchanged.", "\(root)/v1/token", "\(endpoint)token"
        )
        revocationEndpoint = Self.url(
            "\(place).revocationEndpoint", "Where the refresh tokens of ended sessions are revoked (RFC 7009).",
            "https://login.example.com/oauth2/revoke", "nowhere; Databricks has none")
        refreshGrace = Knob(
            "\(place).refreshGrace", "How long the provider takes a spent refresh token again, if it does.",
            shape: "a duration from 0s to 10m: a whole number and one of s, m, h, d", example: "30s", .standard("0s"))
        formerClients = Knob(
            "\(place).formerClients", "App connections that logins were made with before: with them those are renewed.",
            shape: "a list of clients", example: "[{clientID: 0122-app}]", .optional("none"))
        formerClientID = Knob(
            "\(place).formerClients[].clientID", "Client ID of the former app connection.",
            shape: "the client ID, without spaces", example: "0122-app", .required)
        formerClientSecretFile = Knob(
            "\(place).formerClients[].clientSecretFile", "File whose first line is its secret.", shape: Shape.path,
            example: "former.secret", .optional("a public client"), echo: .withheld)
    }

    private static func url(_ key: String, _ meaning: String, _ example: String, _ absence: String) -> Knob {
        Knob(
            key, meaning, shape: "an https:// URL without user or fragment", example: example, .optional(absence))
    }
}
