import Basics
import Gate
import Logging
import Sessions

/// What Lakegate itself serves: login, callback, the session page, session tokens, sign-out and hand-offs under `/.lakegate/`,
/// and an OAuth server where clients of Databricks look for one.
public struct Authority: LocalSite {
    let workspaces: [String: AuthorityWorkspace]
    let keeper: any SessionKeeping
    let flows: any FlowStore
    let facade: FacadeParts
    let probe: AutomationProbe
    let lifetime: Duration
    let endNotice: Duration
    let outside: AuthorityOutside
    let logger: Logger
    let loginEnded: @Sendable (_ workspace: String, _ outcome: LoginEnding) -> Void
    let handoffs: Handoffs
    let limit = LoginLimit()
    /// How many questions a program may ask, and how often a person may type a code that nobody shows.
    let questions = WindowLimit(most: 10_000)
    let guesses = WindowLimit(most: 10)
    /// How often a person may have all sessions of theirs looked for.
    let lists = WindowLimit(most: 30)
    let watchers = Watchers()
    let pace = PollPace()
    /// Codes that nobody knows are remembered for a while, but not without bound.
    let strays = LoginLimit(perWindow: 1000)
    let answers: Answers

    /// `lifetime` is that of a session; its page tells its end `endNotice` ahead. A workspace that is not in `workspaces`
    /// has no login. `loginEnded` is called for every callback and must not block.
    public init(
        workspaces: [AuthorityWorkspace], keeper: any SessionKeeping, flows: any FlowStore,
        handoffs: any HandoffStore, facade: FacadeParts, probe: AutomationProbe, lifetime: Duration,
        endNotice: Duration = .zero, outside: AuthorityOutside, logger: Logger,
        loginEnded: @escaping @Sendable (_ workspace: String, _ outcome: LoginEnding) -> Void = { _, _ in }
    ) {
        self.workspaces = Dictionary(workspaces.map { ($0.settings.name, $0) }) { first, _ in first }
        self.keeper = keeper
        self.flows = flows
        self.handoffs = Handoffs(store: handoffs, keeper: keeper, outside: outside)
        self.facade = facade
        self.probe = probe
        self.lifetime = lifetime
        self.endNotice = endNotice
        self.outside = outside
        self.logger = logger
        self.loginEnded = loginEnded
        answers = Answers(sha256: outside.sha256)
    }

    public func respond(to request: LocalRequest) async -> LocalResponse {
        guard let workspace = workspaces[request.workspace] else {
            return answers.failure(.noSuchPage, to: request)
        }
        if let route = FacadeRoute.at(request.path) { return await respond(to: request, on: route, of: workspace) }
        guard let routes = Route.at(request.path) else { return answers.failure(.noSuchPage, to: request) }
        guard let route = routes.first(where: { $0.methods.contains(request.method) }) else {
            return answers.failure(.wrongMethod(allowed: routes.flatMap(\.methods)), to: request)
        }
        return await respond(to: request, on: route, of: workspace)
    }

    private func respond(
        to request: LocalRequest, on route: Route, of workspace: AuthorityWorkspace
    ) async -> LocalResponse {
        switch route {
        case .login: answers.page(loginPage(request), forms: false)
        case .start: await startLogin(request, at: workspace)
        case .callback: await callback(request, at: workspace)
        case .session: await showSession(request)
        case .makeToken: await changing(request) { await makeToken($0, for: $1, form: $2) }
        case .revokeToken: await changing(request) { await revokeToken($0, for: $1, form: $2) }
        case .sessions: await showSessions(request)
        case .endSession: await changing(request) { await endSession($0, for: $1, form: $2) }
        case .logout: await changing(request) { await signOut($0, of: $1, form: $2) }
        case .automation: await showAutomation(request, at: workspace)
        case .askHandoff: await askHandoff(request, at: workspace)
        case .showHandoff: await showHandoff(request, at: workspace)
        case .endHandoff: await endHandoff(request, at: workspace)
        case .handoffPage, .devicePage: await handoffPage(request)
        case .answerHandoff: await changing(request) { await answerHandoff($0, by: $1, form: $2) }
        }
    }

    private func callback(_ request: LocalRequest, at workspace: AuthorityWorkspace) async -> LocalResponse {
        let answer = await finishLogin(request, at: workspace)
        loginEnded(request.workspace, LoginEnding(status: answer.status))
        return answer
    }
}
