import Gate
import OAuth
import Sessions

/// How far signing out reaches, as the form says it.
enum SignOutReach: String {
    /// The cookie of this browser; session tokens go on.
    case browser = ""
    /// This session with its session tokens.
    case session = "yes"
    /// All sessions of this person at this workspace.
    case person = "person"
}

extension Authority {
    func signOut(_ request: LocalRequest, of visitor: SignedIn, form: [FormCoding.Field]) async -> LocalResponse {
        guard let reach = SignOutReach(rawValue: form.only("everywhere") ?? "") else {
            return answers.failure(.badForm("This way of signing out is not on offer."), to: request)
        }
        var said = ["This browser is signed out here. You may still be signed in at Databricks itself."]
        do throws(SessionError) {
            switch reach {
            case .browser: try await keeper.removeKey(visitor.key.digest, from: visitor.session.id)
            case .session: try await keeper.end(visitor.session.id)
            case .person: said.append(try await endAll(of: visitor.session, request))
            }
        } catch .unknownSession {
            // Ended by somebody else in the meantime.
        } catch { return failed(error, request) }
        note("signed out", request, visitor.session)
        return answers.page(
            signedOut(said, request), forms: false, and: [(name: "Set-Cookie", value: Cookie.session.clearing)])
    }

    /// Says how many there were, and what could not be looked at.
    private func endAll(of session: Session, _ request: LocalRequest) async throws(SessionError) -> String {
        let report = await keeper.end(all: request.allSessions(of: session))
        if let problem = report.problem { throw problem }
        // A store that has just lost it may get it back from another replica.
        if report.ended == 0 { try await keeper.end(session.id) }
        let count = report.ended == 1 ? "1 session" : "\(report.ended) sessions"
        guard report.unreadable > 0 else { return "Signed out everywhere: \(count) of yours ended here." }
        log("sessions not looked at when signing out everywhere", request, "\(report.unreadable) do not open")
        return "\(count) of yours ended here. Some sessions could not be read, and one of yours may be among them: "
            + "tell the administrator."
    }

    private func signedOut(_ said: [String], _ request: LocalRequest) -> Page {
        Page(
            title: "Signed out", workspace: request.workspace, requestID: request.requestID,
            content: said.map { .paragraph($0) } + [.action("Sign in again", to: Route.login.path)])
    }
}
