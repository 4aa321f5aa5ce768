import Gate
import NIOCore
import Wire

/// Answers in which the workspace names itself, where a client would go around Lakegate.
extension Exchange {
    /// API calls carry no cookies of the workspace, in neither direction: programs send and keep none, and a browser's page
    /// of another site must not come by one.
    func isAPI(_ head: RawSpan) -> Bool {
        isGRPC || starts(with: "/api/", head) || starts(with: "/sql/", head)
    }

    /// Whether the answer tells of SQL warehouses.
    func asksForWarehouses(_ head: RawSpan) -> Bool {
        method == .get
            && (starts(with: "/api/2.0/sql/warehouses", head) || starts(with: "/api/2.0/sql/endpoints", head))
    }

    private func starts(with text: StaticString, _ head: RawSpan) -> Bool {
        head.extracting(path.range).starts(with: text)
    }

    /// Says in whose name a Location may lead on, for the head that is about to be sent.
    func prepareAnswer() {
        loop.answering.removedCookies = dropsCookies ? [] : Forwarding.ownCookies
        guard loop.responseHead.location != nil else { return }
        loop.answering.workspaceOrigin = loop.shared.upstreamOrigins[workspace]
        loop.answering.ownOrigin = Array("https://\(authorityText)".utf8)
    }

    func forgetAnswer() {
        loop.answering.workspaceOrigin = []
        loop.answering.ownOrigin = []
    }

    /// Whether the body of the answer whose head this is will be held, and the hosts in it replaced.
    func replacesHosts() -> Bool {
        guard namesHosts, status == 200, loop.responseHead.value(of: .contentEncoding) == nil else { return false }
        switch loop.responseHead.framing {
        case .none: return false
        case .length(let length): return length <= UInt64(Self.mostReplaced)
        case .chunked, .untilClose: return true
        }
    }

    /// More than that is passed on as it is.
    static let mostReplaced = 1_048_576

    /// The whole body is here.
    func sendWithOwnHosts(_ head: [UInt8], _ body: [UInt8]) {
        let site = loop.shared.workspaces[workspace]
        let old = NamedHost(host: Array(site.upstreamHost.utf8), port: site.upstreamPort)
        let own = WarehouseHosts.replace(old, by: ownHost, in: body)
        let bytes = head.span.bytes
        _ = loop.responseHead.parse(bytes, limits: loop.shared.headLimits, requestMethod: method)
        let changed = loop.responseHead.withLength(own.count, from: bytes)
        let changedBytes = changed.span.bytes
        _ = loop.responseHead.parse(changedBytes, limits: loop.shared.headLimits, requestMethod: method)
        sendHead(changedBytes)
        emit(own.span.bytes)
    }

    /// What the client used; without a port, that of https.
    private var ownHost: NamedHost {
        let parts = authorityText.split(separator: ":", omittingEmptySubsequences: false)
        let port = parts.count > 1 ? parts.last.flatMap { Int($0) } : nil
        let name = port == nil ? authorityText : parts.dropLast().joined(separator: ":")
        return NamedHost(host: Array(name.utf8), port: port ?? 443)
    }
}
