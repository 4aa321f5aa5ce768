import Basics

/// A request to a revocation endpoint, as a form to POST (RFC 7009, section 2.1). The client shows who it is as it does at the
/// token endpoint.
public struct RevocationRequest: Sendable {
    public let refreshToken: Secret<String>
    public let client: ClientIdentity

    public init(_ refreshToken: Secret<String>, by client: ClientIdentity) {
        self.refreshToken = refreshToken
        self.client = client
    }

    public var body: Secret<[UInt8]> {
        client.form([.init("token", refreshToken.reveal()), .init("token_type_hint", "refresh_token")])
    }

    public var authorization: Secret<String>? { client.authorization }

    /// What an answer means: `nil` that the token is of no more use, also one that the endpoint did not know (section 2.2).
    /// Otherwise the reason, safe to log.
    public static func fault(status: Int, body: [UInt8]) -> String? {
        guard !(200..<300).contains(status) else { return nil }
        switch TokenError.classify(status: status, retryAfter: nil, body: body) {
        case .deadGrant(let reason), .badClient(let reason), .passing(let reason, _): return reason
        }
    }
}
