/// What the token endpoint grants (RFC 6749, section 5.1).
struct TokenAnswer: Sendable, Equatable {
    var accessToken: String
    var refreshToken: String?
    var lifeSeconds: Int64
    var scopes: Set<String>
    var user: String

    var json: JSON {
        var members: [(String, JSON)] = [
            ("access_token", .string(accessToken)), ("token_type", "Bearer"), ("expires_in", .number(lifeSeconds)),
            ("scope", .string(scopes.sorted().joined(separator: " "))),
        ]
        if let refreshToken { members.append(("refresh_token", .string(refreshToken))) }
        return .object(members)
    }
}

/// Why the token endpoint refuses, in the provider's words (RFC 6749, section 5.2).
struct TokenRefusal: Error, Sendable, Equatable {
    var status: Int
    var error: String
    var description: String
    /// Whether a refresh token was presented a second time.
    var isReplay = false

    static func request(_ description: String) -> TokenRefusal {
        TokenRefusal(status: 400, error: "invalid_request", description: description)
    }

    static func grant(_ description: String) -> TokenRefusal {
        TokenRefusal(status: 400, error: "invalid_grant", description: description)
    }

    static let client = TokenRefusal(status: 401, error: "invalid_client", description: "Client authentication failed")
    static let scope = TokenRefusal(status: 400, error: "invalid_scope", description: "Scope exceeds the grant")
    static let grantType = TokenRefusal(
        status: 400, error: "unsupported_grant_type", description: "Grant type is not supported")
    /// How Databricks calls a refresh token that is unknown, spent, expired or revoked.
    static let deadRefreshToken = request("Refresh token is invalid")
    /// The same to the client; counted here.
    static let spentRefreshToken = TokenRefusal(
        status: 400, error: "invalid_request", description: "Refresh token is invalid", isReplay: true)

    var json: JSON {
        ["error": .string(error), "error_description": .string(description)]
    }
}
