import Basics
import Gate
import OAuth
import Sessions

extension Authority {
    /// Where a person is signed in: every session of theirs that this one could end.
    func showSessions(_ request: LocalRequest) async -> LocalResponse {
        switch await visitor(of: request, by: .browser) {
        case .nobody: askToLogIn(request, for: .session)
        case .unclear(let error): unclear(error, request)
        case .session(let visitor): await showSessions(request, of: visitor)
        }
    }

    private func showSessions(_ request: LocalRequest, of visitor: SignedIn) async -> LocalResponse {
        // Every record of the store is looked at for it.
        guard lists.allows(visitor.session.person.id, at: outside.clock.now()) else {
            return answers.failure(.tooMany, to: request)
        }
        lists.count(visitor.session.person.id, at: outside.clock.now())
        do {
            let listing = try await keeper.list(
                request.allSessions(of: visitor.session), limit: AllSessionsPage.mostShown)
            let page = AllSessionsPage(
                listing: listing, own: visitor.session.id, request: request, formToken: formToken(for: visitor))
            return answers.page(page.page, forms: true)
        } catch { return failed(error, request) }
    }

    /// Ends one of them; one that is gone already is what was asked for.
    func endSession(_ request: LocalRequest, for visitor: SignedIn, form: [FormCoding.Field]) async -> LocalResponse {
        let list = answers.seeOther("https://\(request.authority)\(Route.sessions.path)")
        guard let id = form.only("session").flatMap({ SessionID(text: $0) }), id != visitor.session.id else {
            return answers.failure(.badForm("This session is not among your others."), to: request)
        }
        do throws(SessionError) {
            guard let session = try await keeper.load(id) else { return list }
            // Whose it is stays unsaid.
            guard request.allSessions(of: visitor.session).fits(session) else { return list }
            try await keeper.end(id)
            note("another session ended", request, session)
            return list
        } catch .unknownSession {
            return list
        } catch { return failed(error, request) }
    }
}

extension LocalRequest {
    /// A person is known by number in a workspace; over several by name, since each may number people for itself.
    func allSessions(of session: Session) -> SessionSelection {
        account == nil
            ? SessionSelection(personID: session.person.id, workspace: session.workspace)
            : SessionSelection(userName: session.person.userName, workspace: session.workspace)
    }
}

/// The page that lists a person's sessions.
struct AllSessionsPage {
    static let mostShown = 100

    let listing: SessionListing
    let own: SessionID
    let request: LocalRequest
    let formToken: String

    var page: Page {
        Page(
            title: "Where you are signed in", workspace: request.workspace, requestID: request.requestID,
            content: [
                .paragraph(
                    "Each is a sign-in in one browser, with the session tokens and programs that belong to it. End what you do not know."
                ), table,
            ] + rest + [.action("Back to this session", to: Route.session.path)])
    }

    private var table: HTML {
        let names = ["Signed in", "Ends", "Session tokens", "End"]
        return .table(["aria-label": "Your sessions"], names, listing.sessions.map { row($0, names) })
    }

    private func row(_ session: SessionOutline, _ names: [String]) -> HTML {
        .element(
            "tr", [:], .cell(names[0], session.createdAt.reading), .cell(names[1], session.endsAt.reading),
            .cell(names[2], "\(session.sessionTokens)"),
            .cell(names[3], session.id == own ? .text("this one") : button(session)))
    }

    private func button(_ session: SessionOutline) -> HTML {
        .rowForm(
            to: Route.endSession.path, token: formToken, "session", session.id.text, button: "End",
            spoken: "End the session of \(session.createdAt.reading)")
    }

    private var rest: [HTML] {
        var said: [HTML] = []
        if listing.isCut { said.append(.paragraph("There are more than \(Self.mostShown).")) }
        if !listing.unreadable.isEmpty {
            said.append(
                .paragraph(
                    "Some sessions could not be read, and one of yours may be among them: tell the administrator."))
        }
        return said
    }
}
