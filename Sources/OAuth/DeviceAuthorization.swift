import Basics

/// What a person needs to let a program in from another machine, as the server answers (RFC 8628, section 3.2).
public struct DeviceAuthorization: Sendable {
    public let deviceCode: Secret<String>
    public let userCode: String
    /// Where the code is typed.
    public let verificationURL: String
    /// The same with the code in it.
    public let completeURL: String?
    public let lifetime: Duration
    /// Between two questions at the token endpoint; 5 s when the server does not say.
    public let interval: Duration

    /// Reads the body of a 200 answer; `nil` for what is none. Nothing in it can play tricks with a terminal.
    public static func parse(_ body: [UInt8]) -> DeviceAuthorization? {
        guard let document = BoundedJSON.decode(Document.self, from: body), document.expires_in.value >= 1,
            document.device_code.utf8.count <= 4096, isShowable(document.user_code),
            isURL(document.verification_uri), document.verification_uri_complete.map(isURL) ?? true
        else { return nil }
        return DeviceAuthorization(
            deviceCode: Secret(document.device_code), userCode: document.user_code,
            verificationURL: document.verification_uri, completeURL: document.verification_uri_complete,
            lifetime: .seconds(Int64(min(document.expires_in.value, 86400))),
            interval: .seconds(Int64(min(max(document.interval?.value ?? 5, 1), 600))))
    }

    private static func isURL(_ text: String) -> Bool {
        text.hasPrefix("https://") && text.utf8.count <= 2048 && isShowable(text)
    }

    private static func isShowable(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    // Spelt as on the wire.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Document: Decodable {
        var device_code: String
        var user_code: String
        var verification_uri: String
        var verification_uri_complete: String?
        var expires_in: FlexibleNumber
        var interval: FlexibleNumber?
    }
}

/// What the token endpoint says to a device code (RFC 8628, section 3.5).
public enum DeviceAnswer: Sendable {
    case granted(TokenResponse)
    /// The person has not answered; ask again after the interval.
    case pending
    /// The same, and the interval grows by 5 s.
    case slowDown
    case denied
    case expired
    /// Passes, perhaps; the reason is safe to show.
    case failed(reason: String)

    public static func read(status: Int, body: [UInt8]) -> DeviceAnswer {
        if status == 200 {
            do throws(TokenResponseFault) { return .granted(try TokenResponse.parse(body)) } catch {
                return .failed(reason: "the answer holds no token")
            }
        }
        switch BoundedJSON.decode(Document.self, from: body)?.error {
        case "authorization_pending": return .pending
        case "slow_down": return .slowDown
        case "access_denied": return .denied
        case "expired_token": return .expired
        default:
            switch TokenError.classify(status: status, retryAfter: nil, body: body) {
            case .deadGrant(let reason), .badClient(let reason), .passing(let reason, _):
                return .failed(reason: reason)
            }
        }
    }

    private struct Document: Decodable {
        var error: String?
    }
}
