/// Where a browser is sent so that a person can log in (RFC 6749, section 4.1.1; RFC 7636, section 4.3).
public struct AuthorizeRequest: Sendable {
    public var endpoint: String
    public var clientID: String
    public var redirectURI: String
    public var scopes: [String]
    public var state: String
    /// Made by ``PKCE/challenge(sha256:)``.
    public var challenge: String

    public init(
        endpoint: String, clientID: String, redirectURI: String, scopes: [String], state: String, challenge: String
    ) {
        self.endpoint = endpoint
        self.clientID = clientID
        self.redirectURI = redirectURI
        self.scopes = scopes
        self.state = state
        self.challenge = challenge
    }

    /// The whole URL. A query that the endpoint already has is kept, a fragment is not (RFC 6749, section 3.1).
    public var url: String {
        let base = endpoint.prefix { $0 != "#" }
        let separator = base.contains("?") ? (base.hasSuffix("?") || base.hasSuffix("&") ? "" : "&") : "?"
        return "\(base)\(separator)\(FormCoding.encode(fields))"
    }

    private var fields: [FormCoding.Field] {
        [
            .init("response_type", "code"),
            .init("client_id", clientID),
            .init("redirect_uri", redirectURI),
            .init("scope", scopes.joined(separator: " ")),
            .init("state", state),
            .init("code_challenge", challenge),
            .init("code_challenge_method", "S256"),
        ]
    }
}
