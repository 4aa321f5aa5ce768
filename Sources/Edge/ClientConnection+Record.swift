import NIOCore
import Wire

/// The record of a finished exchange: metrics and one line of the access log.
extension ClientConnection {
    func record() {
        let ended = now
        let elapsed = ended - exchange.startedAt
        let outcome = exchange.outcome
        let workspace = exchange.workspace < 0 ? nil : exchange.workspace
        loop.shared.metrics.requestEnded(workspace: workspace, outcome: outcome, elapsed: elapsed)
        if loop.log.isOn { writeLine(elapsed) }
    }

    private func writeLine(_ elapsed: TimeAmount) {
        let log = loop.log
        let held = exchange.held
        let head = held.span.bytes.extracting(0..<exchange.headLength)
        log.begin()
        let requestID = exchange.requestID
        log.field("request_id", requestID.span.bytes)
        let client = address
        log.field("client", client.span.bytes)
        log.field("workspace", exchange.workspace < 0 ? "-" : loop.shared.workspaces[exchange.workspace].name)
        log.field("user", exchange.session?.userName ?? "")
        log.field("method", head.extracting(exchange.methodName.range))
        // Without the query: it may hold codes and signatures.
        log.field("path", head.extracting(exchange.path.range))
        log.field("status", UInt64(exchange.status))
        log.field("outcome", exchange.outcomeName ?? exchange.outcome.logName)
        log.field("bytes_in", exchange.bytesIn)
        log.field("bytes_out", exchange.bytesOut)
        log.field("duration_ms", microseconds: UInt64(max(0, elapsed.nanoseconds)) / 1000)
        log.field("upstream_ms", microseconds: upstreamMicroseconds)
        log.end()
    }

    /// From the moment the request went to the workspace until the head of its answer was here; 0 without one.
    private var upstreamMicroseconds: UInt64 {
        guard let sent = exchange.sentAt, let answered = exchange.answeredAt else { return 0 }
        return UInt64(max(0, (answered - sent).nanoseconds)) / 1000
    }
}
