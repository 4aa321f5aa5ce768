/// The documents that clients discover the server by.
struct Metadata: Sendable {
    /// Scheme and authority, no slash at the end.
    var base: String
    var organization: String

    var issuer: String { base + "/oidc" }

    /// RFC 8414, with the members Databricks serves and no others.
    var authorizationServer: JSON {
        [
            "issuer": .string(issuer),
            "authorization_endpoint": .string(issuer + "/v1/authorize"),
            "token_endpoint": .string(issuer + "/v1/token"),
            "jwks_uri": .string(issuer + "/jwks.json"),
            "scopes_supported": ["all-apis", "email", "offline_access", "openid", "profile", "sql"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "request_uri_parameter_supported": false,
            "authorization_response_iss_parameter_supported": true,
        ]
    }

    var workspace: JSON {
        [
            "oidc_endpoint": .string(issuer),
            "account_id": "00000000-1111-2222-3333-444444444444",
            "workspace_id": .string(organization),
            "cloud": "AWS",
            "host_type": "workspace",
        ]
    }
}
