import Gate
import Sessions

/// Why the token endpoint gives nothing (RFC 6749, section 5.2). All text in it may be shown.
struct OAuthFault: Error, Equatable {
    var code: String
    var description: String
    var status = 400
    /// RFC 6749, section 5.2: named to whoever tried to authenticate by a header field.
    var challenges = false
    /// Seconds, where trying again does no harm.
    var retryAfter: Int?

    static func request(_ description: String) -> OAuthFault {
        OAuthFault(code: "invalid_request", description: description)
    }

    static func grant(_ description: String) -> OAuthFault {
        OAuthFault(code: "invalid_grant", description: description)
    }

    static func client(_ description: String, challenges: Bool = false) -> OAuthFault {
        OAuthFault(code: "invalid_client", description: description, status: 401, challenges: challenges)
    }

    /// SDKs know the need of a new login by these very words.
    static let deadRefreshToken = OAuthFault.request("Refresh token is invalid")

    static let passing = OAuthFault(
        code: "temporarily_unavailable", description: "Sessions cannot be reached for the moment. Try again shortly.",
        status: 503, retryAfter: 5)

    var fields: [(name: String, value: String)] {
        var fields = [(name: "Pragma", value: "no-cache")]
        if challenges { fields.append((name: "WWW-Authenticate", value: "Basic realm=\"lakegate\"")) }
        if let retryAfter { fields.append((name: "Retry-After", value: "\(retryAfter)")) }
        return fields
    }
}

extension OAuthFault: Encodable {
    enum CodingKeys: String, CodingKey {
        case code = "error"
        case description = "error_description"
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(code, forKey: .code)
        try values.encode(description, forKey: .description)
    }
}
