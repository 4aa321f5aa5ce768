import Basics

/// Tokens, as a token endpoint grants them (RFC 6749, section 5.1).
public struct TokenResponse: Sendable {
    /// Visible ASCII only, so that it fits a header field.
    public let accessToken: Secret<String>
    /// From the moment of the request; 1 hour when the provider does not say, at most 400 days.
    public let lifetime: Duration
    public let refreshToken: Secret<String>?
    public let scope: String?

    /// Reads the body of a 200 answer.
    public static func parse(_ body: [UInt8]) throws(TokenResponseFault) -> TokenResponse {
        guard let document = BoundedJSON.decode(Document.self, from: body) else { throw .notTokenJSON }
        // Some servers answer 200 with an error inside.
        guard document.error == nil else { throw .errorInside }
        guard let accessToken = document.access_token, isPrintable(accessToken) else { throw .noAccessToken }
        guard document.token_type?.lowercased() == "bearer" else { throw .notBearer }
        let refreshToken = document.refresh_token.flatMap { $0.isEmpty ? nil : $0 }
        guard refreshToken.map(isPrintable) ?? true else { throw .badRefreshToken }
        return TokenResponse(
            accessToken: Secret(accessToken), lifetime: try lifetime(document.expires_in),
            refreshToken: refreshToken.map { Secret($0) }, scope: document.scope)
    }

    private static func lifetime(_ seconds: FlexibleNumber?) throws(TokenResponseFault) -> Duration {
        guard let seconds else { return .seconds(3600) }
        guard seconds.value >= 1 else { throw .badLifetime }
        return .seconds(Int64(min(seconds.value, 400 * 86400)))
    }

    private static func isPrintable(_ token: String) -> Bool {
        (1...32768).contains(token.utf8.count) && token.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    // Spelt as on the wire.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Document: Decodable {
        var access_token: String?
        var token_type: String?
        var expires_in: FlexibleNumber?
        var refresh_token: String?
        var scope: String?
        var error: String?
    }
}

/// Why an answer with status 200 brings no usable tokens.
public enum TokenResponseFault: Error, Sendable, Equatable {
    case notTokenJSON, errorInside, noAccessToken, notBearer, badRefreshToken, badLifetime
}

/// A number that some servers send as a string. Never infinite, never NaN.
struct FlexibleNumber: Decodable {
    let value: Double

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let number = try (try? container.decode(Double.self)) ?? Double(container.decode(String.self))
        guard let number, number.isFinite else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a number")
        }
        value = number
    }
}
