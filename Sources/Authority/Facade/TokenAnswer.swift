/// What a client gets for a grant (RFC 6749, section 5.1).
struct TokenAnswer: Encodable {
    var accessToken: String
    var tokenType = "Bearer"
    /// Seconds.
    var expiresIn: Int64
    /// Always the same one: SDKs do not write another one back to their files.
    var refreshToken: String?
    var scope: String?
    /// RFC 8693, section 2.2.1.
    var issuedTokenType: String?

    init(
        accessToken: String, expiresIn: Int64, refreshToken: String? = nil, scope: String? = nil,
        issuedTokenType: String? = nil
    ) {
        self.accessToken = accessToken
        self.expiresIn = expiresIn
        self.refreshToken = refreshToken
        self.scope = scope
        self.issuedTokenType = issuedTokenType
    }

    enum CodingKeys: String, CodingKey {
        case scope
        case accessToken = "access_token"
        case tokenType = "token_type"
        case expiresIn = "expires_in"
        case refreshToken = "refresh_token"
        case issuedTokenType = "issued_token_type"
    }
}
