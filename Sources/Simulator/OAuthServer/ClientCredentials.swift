import Basics
import Foundation

/// Who a token request says it comes from: HTTP Basic or fields of the body (RFC 6749, section 2.3.1).
struct ClientCredentials: Sendable {
    var id: String
    var secret: Secret<String>?

    init(authorization: String?, fields: FormFields) throws(TokenRefusal) {
        guard let authorization else {
            guard let id = fields["client_id"] else { throw .client }
            self.init(id: id, secret: fields["client_secret"])
            return
        }
        guard fields["client_secret"] == nil else { throw .request("Two client authentication methods in one request") }
        guard let basic = ClientCredentials(basic: authorization) else { throw .client }
        guard fields["client_id"] ?? basic.id == basic.id else { throw .client }
        self = basic
    }

    private init(id: String, secret: String?) {
        self.id = id
        self.secret = secret.map { Secret($0) }
    }

    private init?(basic authorization: String) {
        let words = authorization.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "basic" else { return nil }
        guard let decoded = Data(base64Encoded: String(words[1])) else { return nil }
        let halves = decoded.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        self.init(id: FormFields.decoded(Array(halves[0])), secret: FormFields.decoded(Array(halves[1])))
    }

    /// Whether this is the client: a confidential one by its secret, a public one by having none.
    func prove(_ client: SimulatorClient) -> Bool {
        client.secret == (secret.flatMap { $0.reveal().isEmpty ? nil : $0 })
    }
}
