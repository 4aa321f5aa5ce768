import Basics
import FoundationEssentials

/// How Lakegate makes itself known to a token endpoint or a revocation endpoint.
public struct ClientIdentity: Sendable {
    public let id: String
    /// Absent for a public client.
    public let secret: Secret<String>?

    public init(id: String, secret: Secret<String>?) {
        self.id = id
        self.secret = secret
    }

    /// Value of the Authorization field; absent for a public client (RFC 6749, section 2.3.1).
    public var authorization: Secret<String>? {
        secret.map { secret in
            let pair = "\(PercentCoding.encode(id)):\(PercentCoding.encode(secret.reveal()))"
            return Secret("Basic \(Data(pair.utf8).base64EncodedString())")
        }
    }

    /// The body of a request with these fields. A confidential client says who it is in the header alone: one way of
    /// authentication per request.
    func form(_ fields: [FormCoding.Field]) -> Secret<[UInt8]> {
        let own = secret == nil ? [FormCoding.Field("client_id", id)] : []
        return Secret(Array(FormCoding.encode(fields + own).utf8))
    }
}
