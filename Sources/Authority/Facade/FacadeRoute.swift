/// What OAuth clients of Databricks look for on the host of a workspace.
enum FacadeRoute: CaseIterable {
    case hostFacts, metadata, keySet, authorize, consent, deviceAuthorization, token

    /// Some drivers have names of their own for the same thing.
    var paths: [String] {
        switch self {
        case .hostFacts: ["/.well-known/databricks-config"]
        case .metadata:
            [
                "/oidc/.well-known/oauth-authorization-server", "/oidc/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/oidc",
            ]
        case .keySet: ["/oidc/jwks.json"]
        case .authorize: ["/oidc/v1/authorize", "/oidc/oauth2/v2.0/authorize"]
        case .consent: ["/oidc/v1/consent"]
        case .deviceAuthorization: ["/oidc/v1/device_authorization"]
        case .token: ["/oidc/v1/token", "/oidc/oauth2/v2.0/token"]
        }
    }

    var path: String { paths[0] }

    var methods: [String] {
        switch self {
        case .hostFacts, .metadata, .keySet: ["GET", "HEAD"]
        case .authorize: ["GET"]
        case .consent, .deviceAuthorization, .token: ["POST"]
        }
    }

    /// By exact comparison; `nil` if there is nothing.
    static func at(_ path: String) -> FacadeRoute? {
        allCases.first { $0.paths.contains(path) }
    }
}
