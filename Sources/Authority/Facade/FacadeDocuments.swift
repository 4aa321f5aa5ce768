import Gate
import JOSE
import Settings

/// What SDKs ask a host first: where its OAuth server is, and which workspace this is.
struct HostFacts: Encodable {
    var endpoint: String
    var accountID: String?
    var workspaceID: String?
    var cloud: String
    var hostType = "workspace"
    var federationAudiences: [String]

    init(_ facts: WorkspaceFacts, issuer: String) {
        endpoint = issuer
        accountID = facts.accountID
        workspaceID = facts.workspaceID
        cloud = facts.cloud.rawValue
        federationAudiences = ["\(issuer)/v1/token"]
    }

    enum CodingKeys: String, CodingKey {
        case cloud
        case endpoint = "oidc_endpoint"
        case accountID = "account_id"
        case workspaceID = "workspace_id"
        case hostType = "host_type"
        case federationAudiences = "token_federation_default_oidc_audiences"
    }
}

/// Authorization server metadata (RFC 8414, section 2).
struct ServerMetadata: Encodable {
    var issuer: String
    var authorizationEndpoint: String
    var tokenEndpoint: String
    /// RFC 8628, section 4.
    var deviceEndpoint: String
    var keysURL: String
    var scopes: [String]
    var responseTypes = ["code"]
    var responseModes = ["query"]
    var grantTypes = GrantType.allCases.map(\.rawValue)
    var challengeMethods = ["S256"]
    var clientAuthentication = ["client_secret_basic", "client_secret_post", "none"]
    var subjectTypes = ["public"]
    var signatures = ["ES256"]
    var namesIssuer = true
    var takesRequestURI = false

    init(issuer: String, scopes: [String]) {
        self.issuer = issuer
        self.scopes = scopes
        authorizationEndpoint = "\(issuer)/v1/authorize"
        tokenEndpoint = "\(issuer)/v1/token"
        deviceEndpoint = "\(issuer)/v1/device_authorization"
        keysURL = "\(issuer)/jwks.json"
    }

    enum CodingKeys: String, CodingKey {
        case issuer
        case authorizationEndpoint = "authorization_endpoint"
        case tokenEndpoint = "token_endpoint"
        case deviceEndpoint = "device_authorization_endpoint"
        case keysURL = "jwks_uri"
        case scopes = "scopes_supported"
        case responseTypes = "response_types_supported"
        case responseModes = "response_modes_supported"
        case grantTypes = "grant_types_supported"
        case challengeMethods = "code_challenge_methods_supported"
        case clientAuthentication = "token_endpoint_auth_methods_supported"
        case subjectTypes = "subject_types_supported"
        case signatures = "id_token_signing_alg_values_supported"
        case namesIssuer = "authorization_response_iss_parameter_supported"
        case takesRequestURI = "request_uri_parameter_supported"
    }
}

extension LocalRequest {
    /// The OAuth server's name on the host that the client used.
    var issuer: String { "https://\(authority)/oidc" }
}
