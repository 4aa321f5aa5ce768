/// What a token endpoint means when it gives no tokens (RFC 6749, section 5.2, and what Databricks makes of it).
public enum TokenError: Error, Sendable, Equatable {
    /// The code or refresh token will never be accepted again. The reason is safe to show.
    case deadGrant(reason: String)
    /// The client itself is not taken: its id or secret is wrong, or it may not do this.
    case badClient(reason: String)
    /// Anything else; trying again later is right, after the given time if one was given.
    case passing(reason: String, retryAfter: Duration?)

    /// Reads an answer whose status is not 200. `retryAfter` is the header field of that name; of an exchange
    /// `invalid_request` means that its token is not acceptable (RFC 8693, section 2.2.2).
    public static func classify(
        status: Int, retryAfter: String?, body: [UInt8], ofExchange: Bool = false
    ) -> TokenError {
        let document = BoundedJSON.decode(Document.self, from: body)
        let code = document?.error ?? document?.errorCode
        let description = document?.error_description ?? document?.errorSummary
        let reason = reason(status: status, code: code, description: description)
        if isDead(status: status, code: code, description: description, ofExchange: ofExchange) {
            return .deadGrant(reason: reason)
        }
        if status == 400 || status == 401, ["invalid_client", "unauthorized_client"].contains(code) {
            return .badClient(reason: reason)
        }
        return .passing(reason: reason, retryAfter: retryAfter.flatMap(delay))
    }

    /// Databricks says `invalid_request` for a dead refresh token, and only the description tells it from a mistake.
    private static func isDead(status: Int, code: String?, description: String?, ofExchange: Bool) -> Bool {
        guard (400..<500).contains(status), status != 429, status != 408 else { return false }
        return code == "invalid_grant"
            || code == "invalid_request"
                && (ofExchange || description?.lowercased().contains("refresh token is invalid") == true)
    }

    private static func reason(status: Int, code: String?, description: String?) -> String {
        let said = [code, description].compactMap { $0.map { SafeText.clean($0, longest: 160) } }.filter { !$0.isEmpty }
        return said.isEmpty ? "status \(status)" : "status \(status): \(said.joined(separator: ": "))"
    }

    /// Whole seconds, at most a day. A date is not used: it needs a clock that agrees.
    private static func delay(_ field: String) -> Duration? {
        guard !field.isEmpty, field.utf8.count <= 9, field.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(field).map { .seconds(min($0, 86400)) }
    }

    // Spelt as on the wire.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Document: Decodable {
        var error: String?
        var error_description: String?
        var errorCode: String?
        var errorSummary: String?
    }
}
