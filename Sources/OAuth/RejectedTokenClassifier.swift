/// Whether Databricks turned a request down because of its token.
public enum TokenRejection: Sendable, Equatable {
    /// The token is expired or unknown: one refresh and one more try are right.
    case rejected
    /// Something else, a missing permission among them: a fresh token would change nothing.
    case other
}

/// Tells a rejected access token from other failures of a workspace, which says 401, 403 or 400 for one.
public enum RejectedTokenClassifier {
    /// Whether the status alone leaves the question open, so that the answer's beginning is worth keeping.
    public static func couldBeRejection(status: Int) -> Bool {
        status == 401 || status == 403 || status == 400
    }

    /// `reasonPhrase` is the field `x-databricks-reason-phrase`; of the body, the first 1 KiB is plenty.
    public static func classify(status: Int, reasonPhrase: String?, bodyPrefix: [UInt8]) -> TokenRejection {
        switch status {
        case 401: .rejected
        case 403: forbidden(reasonPhrase: reasonPhrase, body: bodyPrefix)
        case 400: mentionsExpiry(reasonPhrase, bodyPrefix) ? .rejected : .other
        default: .other
        }
    }

    /// Databricks numbers the error when authentication fails, and names it when authorization does.
    private static func forbidden(reasonPhrase: String?, body: [UInt8]) -> TokenRejection {
        let error = ErrorBodyPrefix(body)
        switch error.code {
        case .number: return .rejected
        case .name("PERMISSION_DENIED"): return .other
        case .name, nil: break
        }
        let texts = [reasonPhrase, error.message, error.isObject ? nil : plainText(body)]
        return texts.contains { $0.map(isTokenPhrase) ?? false } ? .rejected : .other
    }

    private static func plainText(_ body: [UInt8]) -> String {
        String(decoding: body.prefix(256).drop { $0 <= 0x20 || $0 == UInt8(ascii: "\"") }, as: UTF8.self)
    }

    /// Only the beginning counts: further on stands what the person asked for.
    private static func isTokenPhrase(_ text: String) -> Bool {
        let text = text.lowercased()
        return phrases.contains { text.hasPrefix($0) }
    }

    private static func mentionsExpiry(_ reasonPhrase: String?, _ body: [UInt8]) -> Bool {
        [reasonPhrase ?? "", String(decoding: body.prefix(512), as: UTF8.self)]
            .contains { $0.contains("ExpiredJwtException") }
    }

    private static let phrases = [
        "invalid access token", "invalid token", "token is expired", "token is expiring within 30 seconds",
        "expiredjwtexception", "io.jsonwebtoken.expiredjwtexception",
    ]
}
