import Basics

/// What is given in exchange for tokens.
public enum TokenOffer: Sendable {
    /// RFC 6749, section 4.1.3; RFC 7636, section 4.5.
    case code(Secret<String>, redirectURI: String, verifier: Secret<String>)
    /// RFC 6749, section 6. The scope stays that of the login.
    case refreshToken(Secret<String>)
    /// RFC 6749, section 4.4: a service principal's own id and secret are all that is offered.
    case clientCredentials(scopes: [String])
    /// RFC 8693, section 2.1: another issuer's token, for one of the workspace.
    case exchange(Secret<String>, scopes: [String])

    /// Whether it counts from one client only.
    public var needsClient: Bool {
        if case .exchange = self { false } else { true }
    }
}

/// A request to a token endpoint, as a form to POST.
public struct TokenRequest: Sendable {
    public let offer: TokenOffer
    /// `nil` where the offer says enough.
    public let client: ClientIdentity?

    public init(_ offer: TokenOffer, by client: ClientIdentity?) {
        self.offer = offer
        self.client = client
    }

    public var body: Secret<[UInt8]> {
        let fields: [FormCoding.Field]
        switch offer {
        case .code(let code, let redirectURI, let verifier):
            fields = [
                .init("grant_type", "authorization_code"), .init("code", code.reveal()),
                .init("redirect_uri", redirectURI), .init("code_verifier", verifier.reveal()),
            ]
        case .refreshToken(let token):
            fields = [.init("grant_type", "refresh_token"), .init("refresh_token", token.reveal())]
        case .clientCredentials(let scopes):
            fields = [.init("grant_type", "client_credentials"), .init("scope", scopes.joined(separator: " "))]
        case .exchange(let token, let scopes):
            fields = [
                .init("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
                .init("subject_token", token.reveal()),
                .init("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
                .init("scope", scopes.joined(separator: " ")),
            ]
        }
        return client?.form(fields) ?? Secret(Array(FormCoding.encode(fields).utf8))
    }

    public var authorization: Secret<String>? { client?.authorization }
}
