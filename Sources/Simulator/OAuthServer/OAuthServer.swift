import Basics

/// The authorization server as a value: every rule and all state, no clock, no randomness of its own.
struct OAuthServer: Sendable {
    var rules: Rules
    var clients: [String: SimulatorClient]
    var users: [DemoUser]
    var counters = SimulatorCounters()
    var codes: [String: PendingCode] = [:]
    var families: [GrantFamily] = []
    /// Family of every refresh token ever issued, by hash.
    var refreshTokens: [[UInt8]: Int] = [:]
    var accessTokens: [String: AccessToken] = [:]
    let form: AccessTokenForm
    let random: RandomSource

    struct Rules: Sendable {
        var codeLife: Duration = .seconds(60)
        var accessTokenLife: Duration = .seconds(3600)
        var refreshTokenLife: Duration = .seconds(90 * 86400)
        /// Single-use refresh tokens. Without, a refresh answers with the same one.
        var rotatesRefreshTokens = true
    }

    init(
        rules: Rules, clients: [SimulatorClient], users: [DemoUser], issuer: String, random: RandomSource
    ) {
        self.rules = rules
        self.clients = Dictionary(clients.map { ($0.id, $0) }) { _, last in last }
        self.users = users
        self.form = AccessTokenForm(issuer: issuer)
        self.random = random
    }

    /// The person signed in: makes the code for the redirect.
    mutating func makeCode(for request: AuthorizeRequest, user: String, now: Timestamp) -> String {
        counters.logins += 1
        codes = codes.filter { $0.value.expires + .seconds(600) > now }
        let code = Base64URL.encode(random.bytes(32))
        codes[code] = PendingCode(request: request, user: user, expires: now + rules.codeLife)
        return code
    }

    /// Redeems a code or a refresh token.
    mutating func redeem(
        _ fields: FormFields, authorization: String?, now: Timestamp
    ) throws(TokenRefusal) -> TokenAnswer {
        if let name = fields.repeatedName { throw .request("\(name) comes more than once") }
        let credentials = try ClientCredentials(authorization: authorization, fields: fields)
        guard let client = clients[credentials.id], credentials.prove(client) else { throw .client }
        switch fields["grant_type"] {
        case "authorization_code": return try exchange(fields, client: client.id, now: now)
        case "refresh_token": return try refresh(fields, client: client.id, now: now)
        case nil: throw .request("grant_type is missing")
        default: throw .grantType
        }
    }

    /// Who calls, from an `Authorization` field.
    func caller(authorization: String?, now: Timestamp) throws(BearerRefusal) -> DemoUser {
        guard let authorization else { throw .missing }
        let words = authorization.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0].lowercased() == "bearer" else { throw .missing }
        let shape = words[1].split(separator: ".", omittingEmptySubsequences: false)
        guard shape.count == 3 else { throw .missing }
        guard let token = accessTokens[String(words[1])], token.expires > now else { throw .invalid }
        guard let user = users.first(where: { $0.name == token.user }) else { throw .invalid }
        return user
    }
}

/// Why the workspace does not accept a bearer.
enum BearerRefusal: Error, Sendable {
    /// None, not a bearer, or not shaped like an OAuth token: 401 in Databricks.
    case missing
    /// Unknown, revoked or expired: 403 in Databricks.
    case invalid
}
