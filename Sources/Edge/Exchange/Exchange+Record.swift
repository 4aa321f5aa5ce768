import NIOCore
import Wire

/// The record of a finished exchange: metrics and one line of the access log.
extension Exchange {
    func record() {
        leavePlace()
        let ended = now
        let elapsed = ended - startedAt
        let outcome = outcome
        let workspace = workspace < 0 ? nil : workspace
        loop.shared.metrics.requestEnded(workspace: workspace, outcome: outcome, elapsed: elapsed)
        if loop.log.isOn { writeLine(elapsed) }
    }

    private func writeLine(_ elapsed: TimeAmount) {
        let log = loop.log
        let held = held
        let head = held.span.bytes.extracting(0..<headLength)
        log.begin()
        let requestID = requestID
        log.field("request_id", requestID.span.bytes)
        let address = client?.address ?? []
        log.field("client", address.span.bytes)
        log.field("workspace", site?.name ?? "-")
        log.field("user", session?.userName ?? machineClient.map { site?.clients[$0] ?? "" } ?? "")
        log.field("acts_as", actsAs)
        if let rule { log.field("rule", UInt64(rule)) }
        log.field("method", head.extracting(methodName.range))
        // Without the query: it may hold codes and signatures.
        log.field("path", head.extracting(path.range))
        log.field("status", UInt64(status))
        log.field("outcome", outcomeName ?? outcome.logName)
        log.field("bytes_in", bytesIn)
        log.field("bytes_out", bytesOut)
        log.field("duration_ms", microseconds: UInt64(max(0, elapsed.nanoseconds)) / 1000)
        log.field("upstream_ms", microseconds: upstreamMicroseconds)
        log.end()
    }

    private var site: EdgeWorkspace? {
        workspace < 0 ? nil : loop.shared.workspaces[workspace]
    }

    /// Whose credential the workspace was shown, or would have been.
    private var actsAs: String {
        switch machine.identity {
        case nil: ""
        case .session, .holder(.person): "user"
        case .client: "bearer"
        case .holder(.principal(let index)): site?.principals[index] ?? ""
        }
    }

    /// From the moment the request went to the workspace until the head of its answer was here; 0 without one.
    private var upstreamMicroseconds: UInt64 {
        guard let sent = sentAt, let answered = answeredAt else { return 0 }
        return UInt64(max(0, (answered - sent).nanoseconds)) / 1000
    }
}
