import Basics
import Gate
import OAuth
import Sessions

/// The person's side: a link with the code leads here, or the code is typed.
extension Authority {
    /// Asks the signed-in person; nothing is given away by looking.
    func handoffPage(_ request: LocalRequest) async -> LocalResponse {
        let typed = FormCoding.decode(request.query)?.only("code") ?? ""
        guard !typed.isEmpty else { return answers.page(CodePage(request: request, isWrong: false).page, forms: true) }
        guard let code = HandoffCode(typed) else {
            return answers.page(CodePage(request: request, isWrong: true).page, status: 400, forms: true)
        }
        switch await visitor(of: request, by: .browser) {
        case .unclear(let error): return unclear(error, request)
        case .session(let visitor) where visitor.session.standing != .active:
            return answers.seeOther(loginURL(request, .handoff(code)))
        case .nobody: return askToLogIn(request, for: .handoff(code))
        case .session(let visitor):
            return await withQuestion(code, request, visitor) { found in
                let page = ConfirmPage(
                    handoff: found.handoff, session: visitor.session, formToken: formToken(for: visitor),
                    request: request, now: outside.clock.now())
                return answers.page(page.page, forms: true)
            }
        }
    }

    func answerHandoff(_ request: LocalRequest, by visitor: SignedIn, form: [FormCoding.Field]) async -> LocalResponse {
        guard let code = form.only("code").flatMap({ HandoffCode($0) }), let answer = form.only("answer"),
            answer == "allow" || answer == "deny"
        else { return answers.failure(.badForm("The form could not be read."), to: request) }
        return await withQuestion(code, request, visitor) { found in
            do throws(SessionError) {
                let settled =
                    answer == "allow"
                    ? try await handoffs.confirm(found, by: visitor.session) : try await handoffs.deny(found)
                guard case .done(let handoff) = settled else { return problem(.tooLate, request) }
                note("hand-off \(answer == "allow" ? "confirmed" : "denied")", request, visitor.session, of: handoff)
                return answers.page(AnsweredPage(handoff: handoff, request: request).page, forms: false)
            } catch { return failed(error, request) }
        }
    }

    /// Finds the question that a code stands for, if this very person may answer it.
    private func withQuestion(
        _ code: HandoffCode, _ request: LocalRequest, _ visitor: SignedIn,
        _ proceed: (Handoffs.Found) async -> LocalResponse
    ) async -> LocalResponse {
        // Nobody tries out codes: they would answer the question of another person's program.
        guard guesses.allows(visitor.session.person.id, at: outside.clock.now()) else {
            return problem(.tooManyGuesses, request)
        }
        do throws(SessionError) {
            guard let found = try await handoffs.find(code: code, at: request.workspace) else {
                guesses.count(visitor.session.person.id, at: outside.clock.now())
                log("hand-off with a code that no program shows", request, visitor.session.person.userName)
                return problem(.unknownCode, request)
            }
            guard found.handoff.isMeant(for: visitor.session.person) else {
                return problem(.otherPerson(found.handoff, visitor.session.person), request)
            }
            guard found.handoff.isOpen(at: outside.clock.now()) else { return problem(.tooLate, request) }
            return await proceed(found)
        } catch { return unclear(error, request) }
    }

    private func problem(_ problem: HandoffProblem, _ request: LocalRequest) -> LocalResponse {
        answers.page(problem.page(for: request), status: problem.status, forms: false)
    }
}

extension ReturnPath {
    static func handoff(_ code: HandoffCode) -> ReturnPath {
        ReturnPath("\(Route.handoffPage.path)?code=\(code.text)") ?? .home
    }
}
