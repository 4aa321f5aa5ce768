import Gate
import Metrics
import NIOCore
import OAuth
import Wire

/// What Lakegate answers itself: its own pages, redirects to the login, refusals.
extension ClientConnection {
    func beginLocal() {
        exchange.outcome = .served
        if exchange.body.isComplete { return respondLocally() }
        guard loop.requestHead.expectsContinue else { return }
        loop.answerStaging.bytes.append(contentsOf: "HTTP/1.1 100 Continue\r\n\r\n".utf8)
        releaseAnswer()
        tls?.flush()
    }

    /// The whole request is here; the site answers in its own time.
    func respondLocally() {
        guard exchange.bodyIsHeld else { return refuse(.bodyTooLarge(limit: loop.shared.limits.heldBody)) }
        let request = localRequest()
        wait()
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let (eventLoop, serial, site) = (loop.eventLoop, exchange.serial, loop.shared.localSite)
        Task {
            let response = await site.respond(to: request)
            eventLoop.execute { bound.value.siteAnswered(response, to: serial) }
        }
    }

    private func siteAnswered(_ response: LocalResponse, to serial: UInt64) {
        guard case .exchanging = phase, exchange.serial == serial, isWaiting else { return }
        isWaiting = false
        loop.lookAtClock()
        exchange.outcome = .served
        answer(response)
    }

    private func localRequest() -> LocalRequest {
        let held = exchange.held
        let head = held.span.bytes.extracting(0..<exchange.headLength)
        parseHeadAgain()
        return LocalRequest(
            method: head.extracting(exchange.methodName.range).text,
            path: head.extracting(exchange.path.range).text,
            query: loop.requestHead.query.map { head.extracting($0.range).text } ?? "",
            authority: head.extracting(loop.requestHead.authority.range).text,
            workspace: loop.shared.workspaces[exchange.workspace].name,
            fields: loop.requestHead.list(from: head),
            body: Array(exchange.held[exchange.headLength...]),
            requestID: String(decoding: exchange.requestID, as: UTF8.self))
    }

    func redirectToLogin() {
        exchange.outcome = .loginStarted
        parseHeadAgain()
        let held = exchange.held
        let head = held.span.bytes.extracting(0..<exchange.headLength)
        let target = head.extracting(loop.requestHead.target.range).text
        let location = "/.lakegate/login?return_to=\(PercentCoding.encode(target))"
        answer(LocalResponse(status: 302, fields: [("location", location), ("cache-control", "no-store")], body: []))
    }

    func refuse(_ refusal: Refusal) {
        switch exchange.answer {
        case .begun: return giveUp(.upstreamFailed)
        case .complete: return
        case .none, .judging: break
        }
        exchange.outcome = RequestOutcome(refusal)
        exchange.outcomeName = refusal.name
        let url = "https://\(authorityText)/.lakegate/login"
        let id = String(decoding: exchange.requestID, as: UTF8.self)
        let fields = ErrorAnswer.fields(of: refusal, loginURL: url) + [("content-type", "application/json")]
        let body = ErrorAnswer.body(of: refusal, loginURL: url, requestID: id)
        answer(LocalResponse(status: refusal.status, fields: fields, body: Array(body.utf8)))
    }

    /// The name the client used, for links back to us; empty when its request could not be read.
    private var authorityText: String {
        guard exchange.headLength > 0 else { return "" }
        parseHeadAgain()
        let held = exchange.held
        let head = held.span.bytes.extracting(0..<exchange.headLength)
        return head.extracting(loop.requestHead.authority.range).text
    }

    private func answer(_ response: LocalResponse) {
        exchange.upstream?.abandon()
        exchange.upstream = nil
        exchange.status = response.status
        exchange.bytesOut = UInt64(response.body.count)
        exchange.keepsAlive = exchange.keepsAlive && exchange.body.isComplete && !loop.isDraining && !inputHasEnded
        exchange.answer = .complete
        writeOwn(response)
        releaseAnswer()
        record()
        tls?.flush()
        finishExchange()
    }

    private func writeOwn(_ response: LocalResponse) {
        var head = "HTTP/1.1 \(response.status) \(ReasonPhrase.of(response.status))\r\n"
        head += "date: \(HTTPDate.text(loop.shared.clock.now()))\r\n"
        for field in response.fields { head += "\(field.name): \(field.value)\r\n" }
        head += "x-request-id: \(String(decoding: exchange.requestID, as: UTF8.self))\r\n"
        if !exchange.keepsAlive { head += "connection: close\r\n" }
        // RFC 9110, section 8.6: none with a 204.
        if response.status != 204 { head += "content-length: \(response.body.count)\r\n" }
        head += "\r\n"
        loop.answerStaging.bytes.append(contentsOf: head.utf8)
        if exchange.method != .head { loop.answerStaging.bytes.append(contentsOf: response.body) }
    }
}

extension RequestOutcome {
    init(_ refusal: Refusal) {
        switch refusal.fault {
        case .client: self = refusal == .unknownHost ? .refused : .malformed
        case .session: self = refusal == .foreignBearer ? .refused : .unauthenticated
        case .upstream: self = .upstreamFailed
        case .provider, .store, .lakegate: self = .unavailable
        }
    }
}
