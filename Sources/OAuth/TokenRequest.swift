import Basics
import FoundationEssentials

/// How Lakegate makes itself known to a token endpoint.
public struct ClientIdentity: Sendable {
    public let id: String
    /// Absent for a public client.
    public let secret: Secret<String>?

    public init(id: String, secret: Secret<String>?) {
        self.id = id
        self.secret = secret
    }
}

/// What is given in exchange for tokens.
public enum TokenOffer: Sendable {
    /// RFC 6749, section 4.1.3; RFC 7636, section 4.5.
    case code(Secret<String>, redirectURI: String, verifier: Secret<String>)
    /// RFC 6749, section 6. The scope stays that of the login.
    case refreshToken(Secret<String>)
}

/// A request to a token endpoint, as a form to POST.
public struct TokenRequest: Sendable {
    public let offer: TokenOffer
    public let client: ClientIdentity

    public init(_ offer: TokenOffer, by client: ClientIdentity) {
        self.offer = offer
        self.client = client
    }

    public var body: Secret<[UInt8]> {
        var fields: [FormCoding.Field]
        switch offer {
        case .code(let code, let redirectURI, let verifier):
            fields = [
                .init("grant_type", "authorization_code"), .init("code", code.reveal()),
                .init("redirect_uri", redirectURI), .init("code_verifier", verifier.reveal()),
            ]
        case .refreshToken(let token):
            fields = [.init("grant_type", "refresh_token"), .init("refresh_token", token.reveal())]
        }
        // A confidential client says who it is in the header alone: one way of authentication per request.
        if client.secret == nil { fields.append(.init("client_id", client.id)) }
        return Secret(Array(FormCoding.encode(fields).utf8))
    }

    /// Value of the Authorization field; absent for a public client (RFC 6749, section 2.3.1).
    public var authorization: Secret<String>? {
        client.secret.map { secret in
            let pair = "\(PercentCoding.encode(client.id)):\(PercentCoding.encode(secret.reveal()))"
            return Secret("Basic \(Data(pair.utf8).base64EncodedString())")
        }
    }
}
