import Gate

/// Why a page of ours cannot be shown, for people and for programs.
enum LocalFailure: Equatable {
    case noSuchPage
    case wrongMethod(allowed: [String])
    /// Nobody is signed in here.
    case loginNeeded
    /// A form that did not come from our own page.
    case foreignForm
    case badForm(String)
    /// The store of sessions does not answer for now.
    case passing
    /// A program that does not say who it is, or not so that it could be believed.
    case programUnknown(String)
    case mayNotAsk(String)
    case noSuchHandoff
    case tooMany

    var status: Int {
        switch self {
        case .noSuchPage, .noSuchHandoff: 404
        case .wrongMethod: 405
        case .loginNeeded, .programUnknown: 401
        case .foreignForm, .mayNotAsk: 403
        case .tooMany: 429
        case .badForm: 400
        case .passing: 503
        }
    }

    var fields: [(name: String, value: String)] {
        switch self {
        case .wrongMethod(let allowed): [(name: "Allow", value: allowed.joined(separator: ", "))]
        case .loginNeeded, .programUnknown:
            [
                (name: "WWW-Authenticate", value: "Bearer realm=\"lakegate\""),
                (name: "x-databricks-reason-phrase", value: message),
            ]
        case .passing: [(name: "Retry-After", value: "5")]
        case .tooMany: [(name: "Retry-After", value: "60")]
        default: []
        }
    }

    private var code: String {
        switch self {
        case .noSuchPage: "ENDPOINT_NOT_FOUND"
        case .noSuchHandoff: "RESOURCE_DOES_NOT_EXIST"
        case .tooMany: "REQUEST_LIMIT_EXCEEDED"
        case .wrongMethod, .badForm: "INVALID_PARAMETER_VALUE"
        case .loginNeeded, .programUnknown: "UNAUTHENTICATED"
        case .foreignForm, .mayNotAsk: "PERMISSION_DENIED"
        case .passing: "TEMPORARILY_UNAVAILABLE"
        }
    }

    private var message: String {
        switch self {
        case .noSuchPage: "There is nothing at this address. Sessions are at \(Route.session.path)."
        case .wrongMethod(let allowed): "This address takes \(allowed.joined(separator: " and ")) only."
        case .loginNeeded: "Nobody is signed in here."
        case .foreignForm: "This form did not come from a page of this site. Open the session page and try again."
        case .badForm(let reason), .programUnknown(let reason): reason
        case .mayNotAsk(let name):
            "The program \(name) may not ask for sessions: its mayAskForSessions is not set in the configuration."
        case .noSuchHandoff: "This program has asked for no such hand-off, or it is long over."
        case .tooMany: "This was asked for too often. Try again in some minutes."
        case .passing: "Sessions cannot be reached for the moment. You are still signed in; try again shortly."
        }
    }

    func page(for request: LocalRequest) -> Page {
        let next: HTML =
            self == .loginNeeded
            ? .action("Sign in", to: Route.login.path) : .action("Go to the session page", to: Route.session.path)
        return Page(
            title: title, workspace: request.workspace, requestID: request.requestID,
            content: [.paragraph(message), next])
    }

    private var title: String {
        switch self {
        case .noSuchPage, .noSuchHandoff: "Not found"
        case .wrongMethod, .foreignForm, .badForm, .mayNotAsk: "That did not work"
        case .loginNeeded, .programUnknown: "Not signed in"
        case .passing, .tooMany: "Try again shortly"
        }
    }

    func databricksError(for request: LocalRequest) -> DatabricksError {
        let login = "https://\(request.authority)\(Route.login.path)"
        guard self == .loginNeeded else { return DatabricksError(code: code, message: message, details: []) }
        return DatabricksError(
            code: code, message: "\(message) Sign in at \(login)",
            details: [.init(reason: "LOGIN_REQUIRED", metadata: ["login_url": login])])
    }
}

/// An error in the shape that the SDKs of Databricks read.
struct DatabricksError: Encodable {
    var code: String
    var message: String
    var details: [Detail]

    /// google.rpc.ErrorInfo, which SDKs hand on to their callers.
    struct Detail: Encodable {
        var type = "type.googleapis.com/google.rpc.ErrorInfo"
        var reason: String
        var domain = "lakegate"
        var metadata: [String: String]

        init(reason: String, metadata: [String: String]) {
            self.reason = reason
            self.metadata = metadata
        }

        enum CodingKeys: String, CodingKey {
            case type = "@type"
            case reason, domain, metadata
        }
    }

    enum CodingKeys: String, CodingKey {
        case code = "error_code"
        case message, details
    }
}
