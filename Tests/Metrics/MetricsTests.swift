import Testing

@testable import Metrics

@Suite("Metrics")
struct MetricsTests {
    private let registry = MetricsRegistry(
        workspaces: ["prod", "te\"s\\t\n"], version: "1.2", startSeconds: 1_700_000_000)

    private func lines(_ prefix: String) -> [Substring] {
        registry.exposition().split(separator: "\n").filter { $0.hasPrefix(prefix) }
    }

    @Test("the page is well formed, empty or not")
    func wellFormed() {
        #expect(faults(in: registry.exposition()) == [])
        registry.requests.increment(WorkspaceIndex(1), .forwarded)
        registry.requestDuration.observe(WorkspaceIndex(1), nanoseconds: 1_500_000)
        #expect(faults(in: registry.exposition()) == [])
        #expect(faults(in: "a b c\n") != [])
    }

    @Test("every family has help and type")
    func families() {
        let names = lines("# TYPE").map { $0.split(separator: " ")[2] }
        #expect(
            names == [
                "lakegate_requests_total", "lakegate_request_duration_seconds", "lakegate_logins_total",
                "lakegate_refreshes_total", "lakegate_principal_tokens_total", "lakegate_exchanged_tokens_total",
                "lakegate_revocations_total",
                "lakegate_store_errors_total",
                "lakegate_store_unacknowledged_total", "lakegate_open_connections",
                "lakegate_connections_turned_away_total", "lakegate_accept_paused", "lakegate_sessions_cached",
                "process_resident_memory_bytes", "process_start_time_seconds", "lakegate_build_info",
                "lakegate_keyring_info",
            ])
    }

    @Test("counters count by workspace and outcome, and no others change")
    func counters() {
        registry.requests.increment(WorkspaceIndex(0), .loginStarted)
        registry.requests.increment(WorkspaceIndex(0), .loginStarted)
        registry.requests.increment(.unknown, .clientGone)
        registry.requests.increment(WorkspaceIndex(2), .forwarded)
        registry.requests.increment(WorkspaceIndex(-7), .forwarded)
        let counted = lines("lakegate_requests_total").filter { !$0.hasSuffix(" 0") }
        #expect(
            counted == [
                #"lakegate_requests_total{workspace="-",outcome="client_gone"} 1"#,
                #"lakegate_requests_total{workspace="prod",outcome="login_started"} 2"#,
            ])
    }

    @Test("label values are escaped")
    func escaping() {
        let escaped = #"lakegate_requests_total{workspace="te\"s\\t\n",outcome="served"} 0"#
        #expect(lines("lakegate_requests_total").contains(escaped[...]))
    }

    @Test("buckets add up, a bound belongs to its bucket, and the sum is exact")
    func histogram() {
        for nanoseconds in [-5, 250_000, 250_001, 60_000_000_000, 60_000_000_001] {
            registry.requestDuration.observe(WorkspaceIndex(0), nanoseconds: nanoseconds)
        }
        let values = lines("lakegate_request_duration_seconds").filter { $0.contains("\"prod\"") }
            .compactMap { $0.split(separator: " ").last }
        #expect(values.prefix(3) == ["2", "3", "3"])
        #expect(values.suffix(4) == ["4", "5", "120.000500002", "5"])
    }

    @Test("gauges rise and fall")
    func gauges() {
        registry.openConnections.increment(.client)
        registry.openConnections.increment(.client)
        registry.openConnections.decrement(.client)
        registry.sessionsCached.set(7)
        registry.sessionsCached.add(-2)
        #expect(
            lines("lakegate_open_connections") == [
                #"lakegate_open_connections{side="client"} 1"#, #"lakegate_open_connections{side="upstream"} 0"#,
            ])
        #expect(lines("lakegate_sessions_cached") == ["lakegate_sessions_cached 5"])
    }

    @Test("no count is lost between threads")
    func concurrent() async {
        let registry = registry
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<10_000 { registry.storeErrors.increment(.read) }
                }
            }
        }
        #expect(registry.storeErrors.value(.read) == 80_000)
    }
}
