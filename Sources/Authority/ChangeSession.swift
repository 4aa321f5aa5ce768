import Basics
import Gate
import OAuth
import Sessions

extension Authority {
    /// Makes a session token and shows it, once.
    func makeToken(_ request: LocalRequest, for visitor: SignedIn, form: [FormCoding.Field]) async -> LocalResponse {
        let label = SafeText.visible(form.only("label") ?? "", longest: 80)
        guard !label.isEmpty else { return answers.failure(.badForm("A session token needs a label."), to: request) }
        guard let life = form.only("life").flatMap(TokenLife.init(rawValue:)) else {
            return answers.failure(.badForm("This lifetime is not on offer."), to: request)
        }
        guard visitor.session.tokenKeys.count < Self.mostTokens else {
            return answers.failure(
                .badForm("There are \(Self.mostTokens) session tokens already. Revoke one first."), to: request)
        }
        let left = visitor.session.endsAt.since(outside.clock.now())
        do {
            let issued = try await keeper.addKey(
                to: visitor.session.id, label: label, lifetime: min(life.duration, left))
            note("session token made", request, issued.session)
            return answers.page(tokenPage(issued, label, request), forms: false)
        } catch { return failed(error, request) }
    }

    private func tokenPage(_ issued: IssuedKey, _ label: String, _ request: LocalRequest) -> Page {
        let token = issued.token.reveal()
        let host = "https://\(request.authority)"
        let ends = (issued.session.tokenKeys.last?.endsAt ?? issued.session.endsAt).reading
        return Page(
            title: "Session token “\(label)”", workspace: request.workspace, requestID: request.requestID,
            content: [
                .paragraph("Copy it now: it is not kept and cannot be shown again."),
                .paragraph("It works until \(ends), unless you revoke it before."),
                .element("pre", ["id": "token"], .text(token)),
                .element("h2", "For a shell"),
                .element("pre", "export DATABRICKS_HOST=\(host)\nexport DATABRICKS_TOKEN=\(token)"),
                .element("h2", "For ~/.databrickscfg"),
                .element("pre", "[\(request.workspace)]\nhost = \(host)\ntoken = \(token)"),
                .action("Back to the session", to: Route.session.path),
            ])
    }

    func revokeToken(_ request: LocalRequest, for visitor: SignedIn, form: [FormCoding.Field]) async -> LocalResponse {
        let id = form.only("key") ?? ""
        // One that is gone already is what was asked for.
        guard let key = visitor.session.revocableKeys.first(where: { $0.publicID == id }) else {
            return toSession(request)
        }
        do {
            try await keeper.removeKey(key.digest, from: visitor.session.id)
            note("\(key.kind.noun) revoked", request, visitor.session)
            return toSession(request)
        } catch .unknownSession {
            return toSession(request)
        } catch { return failed(error, request) }
    }

    private func toSession(_ request: LocalRequest) -> LocalResponse {
        answers.seeOther("https://\(request.authority)\(Route.session.path)")
    }

    func failed(_ error: SessionError, _ request: LocalRequest) -> LocalResponse {
        error == .unknownSession ? answers.failure(.loginNeeded, to: request) : unclear(error, request)
    }

    private static let mostTokens = 20
}

extension KeyKind {
    /// What a log calls it.
    fileprivate var noun: String {
        switch self {
        case .browser: "browser's key"
        case .token: "session token"
        case .login: "a program's login"
        case .handle: "hand-off"
        }
    }
}
