extension MetricsRegistry {
    /// The media type of ``exposition()``.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The current numbers in Prometheus' text format 0.0.4.
    public func exposition() -> String {
        var page = Exposition()
        add(requests, "lakegate_requests_total", "Requests of clients by how they ended.", to: &page)
        addDurations(to: &page)
        add(logins, "lakegate_logins_total", "Logins of people by what became of them.", to: &page)
        add(refreshes, "lakegate_refreshes_total", "Attempts to refresh tokens by what became of them.", to: &page)
        add(
            principalTokens, "lakegate_principal_tokens_total",
            "Attempts to get tokens for service principals by what became of them.", to: &page)
        add(
            exchangedTokens, "lakegate_exchanged_tokens_total",
            "Attempts to exchange people's tokens for those of a workspace by what became of them.", to: &page)
        add(
            revocations, "lakegate_revocations_total",
            "Refresh tokens of ended sessions by what became of revoking them.",
            to: &page)
        addStore(to: &page)
        page.family("lakegate_open_connections", .gauge, "Open connections to clients and to workspaces.")
        for side in ConnectionSide.allCases {
            page.sample([(ConnectionSide.name, side.text)], openConnections.value(side))
        }
        addLimits(to: &page)
        page.family("lakegate_sessions_cached", .gauge, "Sessions that need no look-up in the store.")
        page.sample([], sessionsCached.value)
        addProcess(to: &page)
        return page.text
    }

    private func add<Outcome>(
        _ counters: WorkspaceCounters<Outcome>, _ name: String, _ help: String, to page: inout Exposition
    ) {
        page.family(name, .counter, help)
        for (index, workspace) in indexed {
            for outcome in Outcome.allCases {
                page.sample(
                    [("workspace", workspace), (Outcome.name, outcome.text)], counters.value(index, outcome))
            }
        }
    }

    private func addStore(to page: inout Exposition) {
        page.family("lakegate_store_errors_total", .counter, "Operations the session store did not carry out.")
        for operation in StoreOperation.allCases {
            page.sample([(StoreOperation.name, operation.text)], storeErrors.value(operation))
        }
        page.family(
            "lakegate_store_unacknowledged_total", .counter,
            "Writes that hold, though fewer replicas of Redis have them than shall.")
        page.sample([], storeUnacknowledged.value)
    }

    private func addDurations(to page: inout Exposition) {
        page.family(
            "lakegate_request_duration_seconds", .histogram,
            "From the end of a request's head to the end of its answer.")
        for (index, workspace) in indexed {
            page.histogram(
                ("workspace", workspace), LatencyHistogram.bounds.map(\.text), requestDuration.counts(index),
                sumOfNanoseconds: requestDuration.sumOfNanoseconds(index))
        }
    }

    private func addLimits(to page: inout Exposition) {
        page.family(
            "lakegate_connections_turned_away_total", .counter,
            "Connections closed at once, since their client had as many as it may.")
        page.sample([], connectionsTurnedAway.value)
        page.family("lakegate_accept_paused", .gauge, "1 while no connections are accepted, by reason.")
        for reason in AcceptPause.allCases {
            page.sample([(AcceptPause.name, reason.text)], acceptPaused.value(reason))
        }
    }

    private func addProcess(to page: inout Exposition) {
        page.family("process_resident_memory_bytes", .gauge, "Memory of the process.")
        page.sample([], residentMemory.value)
        page.family("process_start_time_seconds", .gauge, "When the process started, in seconds since 1970.")
        page.sample([], startSeconds)
        page.family("lakegate_build_info", .gauge, "What is running; always 1.")
        page.sample([("version", version)], 1)
        page.family("lakegate_keyring_info", .gauge, "Which keyring is in use; always 1.")
        if !keyring.current.isEmpty { page.sample(keyring.current, 1) }
    }

    private var indexed: [(WorkspaceIndex, String)] {
        workspaces.enumerated().map { (WorkspaceIndex($0.offset - 1), $0.element) }
    }
}
