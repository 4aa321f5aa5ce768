import Basics
import NIOHTTP1

/// The token that opens the API, as it is this moment.
public enum AdminToken: Sendable {
    /// None is configured: the API is closed.
    case none
    /// Its file can't be used.
    case unusable
    case token(Secret<[UInt8]>)
}

/// `/sessions` and `/sessions/end` on the admin listener: only with the token, and for nothing that a browser does.
public struct SessionAPI: Sendable {
    static let listPath = "/sessions"
    static let endPath = "/sessions/end"
    static let remedy =
        "This is closed. Name a file with a token of 32 characters or more as `admin.tokenFile`, and restart.\n"

    private let token: @Sendable () -> AdminToken
    private let listenHost: String
    private let sessions: any SessionAdministering

    /// - Parameters:
    ///   - token: Asked for each request.
    ///   - listenHost: The name or address in `admin.listen`.
    public init(
        token: @escaping @Sendable () -> AdminToken, listenHost: String, sessions: any SessionAdministering
    ) {
        self.token = token
        self.listenHost = listenHost
        self.sessions = sessions
    }

    static func isAt(_ path: Substring) -> Bool {
        path == listPath || path == endPath
    }

    func answer(_ request: AdminRequest) async -> AdminAnswer {
        if let refusal = refusal(of: request) { return refusal }
        let isList = request.path == Self.listPath
        let method: HTTPMethod = isList ? .GET : .POST
        guard request.method == method else {
            return .text(.methodNotAllowed, "\(method.rawValue) only.\n", [("Allow", method.rawValue)])
        }
        do throws(QueryFault) {
            guard isList else { return Self.answer(await sessions.end(try ending(request))) }
            return Self.answer(await sessions.list(try .read(form: (request.query ?? "").utf8)))
        } catch {
            return .text(.badRequest, error.text + "\n")
        }
    }

    /// Why the request is not even looked at.
    private func refusal(of request: AdminRequest) -> AdminAnswer? {
        guard !request.headers.contains(name: "Origin") else {
            return .text(.forbidden, "This is not for pages in a browser.\n")
        }
        guard AdminHost.isOurs(request.only("Host"), listenHost: listenHost) else {
            return .text(.forbidden, "Call this listener by its address, or as localhost.\n")
        }
        switch token() {
        case .none: return .text(.forbidden, Self.remedy)
        case .unusable: return .text(.serviceUnavailable, "The file `admin.tokenFile` can't be used; see the log.\n")
        case .token(let expected): return isShown(expected, in: request) ? nil : Self.unauthorized
        }
    }

    private func isShown(_ expected: Secret<[UInt8]>, in request: AdminRequest) -> Bool {
        guard let field = request.only("Authorization"), field.lowercased().hasPrefix("bearer ") else { return false }
        return constantTimeEqual(Array(field.utf8.dropFirst("bearer ".utf8.count)), expected.reveal())
    }

    private static let unauthorized = AdminAnswer.text(
        .unauthorized, "This takes `Authorization: Bearer` and the token of `admin.tokenFile`.\n",
        [("WWW-Authenticate", "Bearer realm=\"lakegate admin\"")])

    private func ending(_ request: AdminRequest) throws(QueryFault) -> SessionQuery {
        guard request.query == nil else { throw QueryFault(text: "Say what to end in the body, not in the URL.") }
        let type = request.only("Content-Type").map { $0.prefix { $0 != ";" }.lowercased() } ?? ""
        let query: SessionQuery
        switch type.filter({ $0 != " " }) {
        case "application/json": query = try .read(json: request.body)
        case "application/x-www-form-urlencoded": query = try .read(form: request.body)
        default: throw QueryFault(text: "The body is a form or JSON, and Content-Type says which.")
        }
        guard query != SessionQuery() else {
            throw QueryFault(text: "Name a session, a user or a workspace.")
        }
        return query
    }

    private static func answer(_ reply: SessionReply) -> AdminAnswer {
        switch reply {
        case .done(let json): AdminAnswer(.ok, "application/json", json)
        case .mistake(let text): .text(.badRequest, text + "\n")
        case .storeFailed(let json): AdminAnswer(.serviceUnavailable, "application/json", json, [("Retry-After", "5")])
        }
    }
}
