import Basics
import OAuth
import Settings

/// What a client asks of a person, checked (RFC 6749, section 4.1.1; RFC 7636, section 4.3).
struct AuthorizeAsk: Sendable {
    var client: FacadeClient
    var redirectURI: String
    var state: String?
    var challenge: String

    /// Why nothing is asked of anybody.
    enum Fault: Error, Equatable {
        /// Nobody must be sent anywhere: who asks, or where to go, is not certain.
        case untrusted(String)
        /// The client is told, at its own address.
        case answered(redirectURI: String, state: String?, error: String, description: String)
    }

    static func read(_ query: String, of workspace: WorkspaceSettings) throws(Fault) -> AuthorizeAsk {
        guard let fields = FormCoding.decode(query) else { throw .untrusted("The request could not be read.") }
        guard let id = fields.only("client_id"), let client = FacadeClient(id, of: workspace) else {
            throw .untrusted("The program that sent you here is not known.")
        }
        guard let redirect = fields.only("redirect_uri"), client.mayReturn(to: redirect) else {
            throw .untrusted("The program that sent you here named an address it has no right to.")
        }
        return try Reading(fields: fields, client: client, redirectURI: redirect).ask()
    }

    /// The fields that the client may be told about.
    private struct Reading {
        let fields: [FormCoding.Field]
        let client: FacadeClient
        let redirectURI: String

        func ask() throws(Fault) -> AuthorizeAsk {
            guard Set(fields.map(\.name)).count == fields.count else {
                throw fault("invalid_request", "A parameter occurs more than once.")
            }
            try refuseWhatIsNotOffered()
            guard fields.only("code_challenge_method") == "S256" else {
                throw fault("invalid_request", "code_challenge_method must be S256.")
            }
            guard let challenge = fields.only("code_challenge"), Authority.isRandomWord(challenge) else {
                throw fault("invalid_request", "code_challenge must be 43 characters of base64url.")
            }
            return AuthorizeAsk(
                client: client, redirectURI: redirectURI, state: fields.only("state"), challenge: challenge)
        }

        private func refuseWhatIsNotOffered() throws(Fault) {
            guard let type = fields.only("response_type") else {
                throw fault("invalid_request", "response_type is missing.")
            }
            guard type == "code" else { throw fault("unsupported_response_type", "response_type must be code.") }
            guard ["query", nil].contains(fields.only("response_mode")) else {
                throw fault("invalid_request", "response_mode must be query.")
            }
            guard fields.only("request") == nil else { throw fault("request_not_supported", "request is not taken.") }
            guard fields.only("request_uri") == nil else {
                throw fault("request_uri_not_supported", "request_uri is not taken.")
            }
            guard fields.only("prompt") != "none" else {
                throw fault("interaction_required", "A person has to allow it.")
            }
        }

        private func fault(_ error: String, _ description: String) -> Fault {
            .answered(
                redirectURI: redirectURI, state: fields.only("state"), error: error, description: description)
        }
    }
}
