import Gate
import Metrics
import NIOCore
import OAuth
import Wire

/// What Lakegate answers itself: its own pages, redirects to the login, refusals.
extension Exchange {
    func beginLocal() {
        outcome = .served
        if requestIsComplete { return respondLocally() }
        if awaitsInvitation { client?.invite() }
        awaitsInvitation = false
    }

    /// The whole request is here; the site answers in its own time.
    func respondLocally() {
        guard bodyIsHeld else { return pageBodyIsTooLarge() }
        let request = localRequest()
        wait()
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let (eventLoop, serial, site) = (loop.eventLoop, serial, loop.shared.localSite)
        Task {
            let response = await site.respond(to: request)
            eventLoop.execute { bound.value.siteAnswered(response, to: serial) }
        }
    }

    private func siteAnswered(_ response: LocalResponse, to serial: UInt64) {
        guard self.serial == serial, isWaiting else { return }
        isWaiting = false
        loop.lookAtClock()
        outcome = .served
        reply(response)
        loop.settle()
    }

    private func localRequest() -> LocalRequest {
        let held = held
        let head = held.span.bytes.extracting(0..<headLength)
        parseHeadAgain()
        var request = LocalRequest(
            method: head.extracting(methodName.range).text,
            path: head.extracting(path.range).text,
            query: loop.requestHead.query.map { head.extracting($0.range).text } ?? "",
            authority: head.extracting(loop.requestHead.authority.range).text,
            workspace: loop.shared.workspaces[workspace].name,
            fields: loop.requestHead.list(from: head),
            body: Array(held[headLength...]),
            requestID: String(decoding: requestID, as: UTF8.self))
        request.client = ClientNetwork(text: client?.address ?? []).key
        request.realm = loop.shared.workspaces[workspace].realm
        request.certifiedClient = certifiedClient(head)
        return request
    }

    func redirectToLogin() {
        outcome = .loginStarted
        parseHeadAgain()
        let held = held
        let head = held.span.bytes.extracting(0..<headLength)
        let target = head.extracting(loop.requestHead.target.range).text
        let location = "/.lakegate/login?return_to=\(PercentCoding.encode(target))"
        reply(LocalResponse(status: 302, fields: [("location", location), ("cache-control", "no-store")], body: []))
    }

    func refuse(_ refusal: Refusal) {
        switch answer {
        case .begun: return giveUp(.upstreamFailed)
        case .complete: return
        case .none, .judging, .replacing: break
        }
        outcome = RequestOutcome(refusal)
        outcomeName = refusal.name
        let url = "https://\(authorityText)/.lakegate/login"
        if isGRPC, client?.isHTTP2 == true { return reply(GRPCAnswer.answer(to: refusal, loginURL: url)) }
        let id = String(decoding: requestID, as: UTF8.self)
        if let page = page(about: refusal, id) { return reply(page) }
        let fields = ErrorAnswer.fields(of: refusal, loginURL: url) + [("content-type", "application/json")]
        let body = ErrorAnswer.body(of: refusal, loginURL: url, requestID: id)
        reply(LocalResponse(status: refusal.status, fields: fields, body: Array(body.utf8)))
    }

    /// For a person at a browser.
    private func page(about refusal: Refusal, _ id: String) -> LocalResponse? {
        guard machine.asker == .browser else { return nil }
        let name = workspace < 0 ? nil : loop.shared.workspaces[workspace].name
        return loop.shared.localSite.page(about: refusal, workspace: name, requestID: id)
    }

    /// The name the client used, for links back to us; empty when its request could not be read.
    var authorityText: String {
        guard headLength > 0 else { return "" }
        parseHeadAgain()
        let held = held
        let head = held.span.bytes.extracting(0..<headLength)
        return head.extracting(loop.requestHead.authority.range).text
    }

    /// A whole answer of our own. Whatever the workspace was about to say is of no interest any more.
    func reply(_ response: LocalResponse) {
        upstream?.abandon()
        upstream = nil
        status = response.status
        bytesOut = UInt64(response.body.count)
        answer = .complete
        client?.sendOwn(response)
        record()
    }
}

extension RequestOutcome {
    init(_ refusal: Refusal) {
        switch refusal.fault {
        case .client: self = refusal.isUnknownHost ? .refused : .malformed
        case .session: self = refusal == .foreignBearer ? .refused : .unauthenticated
        case .upstream: self = .upstreamFailed
        case .provider, .store, .lakegate: self = refusal.isOverload ? .overloaded : .unavailable
        }
    }
}

extension Refusal {
    fileprivate var isUnknownHost: Bool {
        if case .unknownHost = self { true } else { false }
    }

    fileprivate var isOverload: Bool {
        if case .overloaded = self { true } else { false }
    }
}
