import Basics

/// A checked authorization request (RFC 6749 section 4.1.1, RFC 7636 section 4.3).
struct AuthorizeRequest: Sendable {
    var client: String
    var redirectURI: String
    var scopes: Set<String>
    var state: String?
    var challenge: String
    var loginHint: String?

    /// Why a request was turned down.
    enum Refusal: Error, Equatable {
        /// The redirect URI cannot be trusted: say so on a page.
        case page(String)
        /// Tell the client by way of its redirect URI.
        case redirect(uri: String, error: String, description: String, state: String?)
    }

    init(_ fields: FormFields, clients: [String: SimulatorClient]) throws(Refusal) {
        guard let id = fields["client_id"], let known = clients[id] else { throw .page("Unknown client_id.") }
        guard let uri = fields["redirect_uri"], known.redirectURIs.contains(uri) else {
            throw .page("redirect_uri is not registered for this client.")
        }
        if let name = fields.repeatedName, name == "client_id" || name == "redirect_uri" {
            throw .page("\(name) comes more than once.")
        }
        client = id
        redirectURI = uri
        state = fields["state"]
        loginHint = fields["login_hint"]
        if let (error, description) = AuthorizeRequest.fault(in: fields, client: known) {
            throw .redirect(uri: uri, error: error, description: description, state: state)
        }
        challenge = fields["code_challenge"] ?? ""
        scopes = AuthorizeRequest.scopes(in: fields)
    }

    private static func fault(in fields: FormFields, client: SimulatorClient) -> (error: String, description: String)? {
        if let name = fields.repeatedName { return ("invalid_request", "\(name) comes more than once") }
        guard let type = fields["response_type"] else { return ("invalid_request", "response_type is missing") }
        guard type == "code" else { return ("unsupported_response_type", "only code is supported") }
        guard let challenge = fields["code_challenge"] else { return ("invalid_request", "code_challenge is missing") }
        guard fields["code_challenge_method"] == "S256" else {
            return ("invalid_request", "code_challenge_method must be S256")
        }
        guard Base64URL.decode(challenge)?.count == 32 else { return ("invalid_request", "malformed code_challenge") }
        guard scopes(in: fields).isSubset(of: client.scopes) else { return ("invalid_scope", "scope not allowed") }
        return nil
    }

    private static func scopes(in fields: FormFields) -> Set<String> {
        Set((fields["scope"] ?? "").split(separator: " ").map(String.init))
    }
}
