import Metrics
import NIOHTTP1

/// What the admin listener answers, apart from sockets.
public struct AdminSite: Sendable {
    private let metrics: MetricsRegistry
    private let checks: [ReadinessCheck]
    private let sessions: SessionAPI?
    private let limit: Duration

    /// - Parameter limit: How long `/readyz` waits for a check.
    public init(
        metrics: MetricsRegistry, checks: [ReadinessCheck], sessions: SessionAPI? = nil, limit: Duration = .seconds(2)
    ) {
        self.metrics = metrics
        self.checks = checks
        self.sessions = sessions
        self.limit = limit
    }

    func answer(_ request: AdminRequest) async -> AdminAnswer {
        let path = request.path
        if let sessions, SessionAPI.isAt(path) { return await sessions.answer(request) }
        guard ["/healthz", "/readyz", "/metrics"].contains(path) else {
            return .text(.notFound, "There are /healthz, /readyz, /metrics and /sessions here.\n")
        }
        guard request.method == .GET || request.method == .HEAD else {
            return .text(.methodNotAllowed, "GET or HEAD only.\n", [("Allow", "GET, HEAD")])
        }
        switch path {
        case "/healthz": return .text(.ok, "ok\n")
        case "/readyz": return await readiness()
        default: return AdminAnswer(.ok, MetricsRegistry.contentType, metrics.exposition())
        }
    }

    private func readiness() async -> AdminAnswer {
        let states = await withTaskGroup(of: (Int, ReadinessState).self) { group in
            for (index, check) in checks.enumerated() {
                group.addTask { (index, await check.state(within: limit)) }
            }
            return await group.reduce(into: [Int: ReadinessState]()) { $0[$1.0] = $1.1 }
        }
        let report = ReadinessReport(checks.enumerated().map { ($1.name, states[$0] ?? .notReady("not checked")) })
        return AdminAnswer(
            report.ready ? .ok : .serviceUnavailable, "application/json", report.json,
            report.ready ? [] : [("Retry-After", "2")])
    }
}

/// An answer of the admin listener, whole.
struct AdminAnswer: Sendable {
    let status: HTTPResponseStatus
    let contentType: String
    let body: String
    let headers: [(String, String)]

    init(_ status: HTTPResponseStatus, _ contentType: String, _ body: String, _ headers: [(String, String)] = []) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.headers = headers
    }

    static func text(
        _ status: HTTPResponseStatus, _ body: String, _ headers: [(String, String)] = []
    ) -> AdminAnswer {
        AdminAnswer(status, "text/plain; charset=utf-8", body, headers)
    }
}
