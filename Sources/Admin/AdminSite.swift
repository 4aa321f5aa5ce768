import Metrics
import NIOHTTP1

/// What the admin listener answers, apart from sockets.
public struct AdminSite: Sendable {
    private let metrics: MetricsRegistry
    private let checks: [ReadinessCheck]
    private let limit: Duration

    /// - Parameter limit: How long `/readyz` waits for a check.
    public init(metrics: MetricsRegistry, checks: [ReadinessCheck], limit: Duration = .seconds(2)) {
        self.metrics = metrics
        self.checks = checks
        self.limit = limit
    }

    func answer(_ method: HTTPMethod, _ target: String) async -> AdminAnswer {
        let path = target.prefix { $0 != "?" }
        guard ["/healthz", "/readyz", "/metrics"].contains(path) else {
            return .text(.notFound, "There are /healthz, /readyz and /metrics here.\n")
        }
        guard method == .GET || method == .HEAD else {
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
