import Gate
import NIOCore
import Wire

/// Calls that clients make beside their work, answered at once: no workspace is asked, and nobody has to be known.
extension Exchange {
    /// `nil` for all that has to do with somebody's work.
    func asideAnswer(_ head: RawSpan) -> LocalResponse? {
        let path = head.extracting(path.range)
        // Drivers send it when a login has failed, and wait for it; the workspace takes it from nobody it knows.
        if method == .post, path.byteCount == 17, path.starts(with: "/telemetry-unauth") { return json(200, "{}") }
        // Other hosts, to which SDKs would take their own credential, which is of no use there. Without a list they stay here
        // (databricks-sdk: Files API).
        if path.byteCount == 21, path.starts(with: "/api/2.0/fs/endpoints") {
            return json(
                404, #"{"error_code":"ENDPOINT_NOT_FOUND","message":"No API found for '/api/2.0/fs/endpoints'"}"#)
        }
        return nil
    }

    func answerAside(_ response: LocalResponse) {
        outcome = .served
        reply(response)
    }

    private func json(_ status: Int, _ body: String) -> LocalResponse {
        LocalResponse(status: status, fields: [("content-type", "application/json")], body: Array(body.utf8))
    }
}
