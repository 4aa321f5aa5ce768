import Basics
import Gate
import Settings

/// What the rules of a workspace make of one request, in words.
struct Explanation {
    struct Question {
        var user: String?
        /// Of the user; all that there are.
        var groups: [String] = []
        var client: String?
        var method: String
        /// A path, perhaps with a query.
        var target: String
        var warehouse: String?
        var cluster: String?
        var job: String?
    }

    let text: String
    let isRefused: Bool

    /// `nil` if the workspace has no such client.
    init?(_ workspace: WorkspaceSettings, _ question: Question) {
        guard let caller = Self.caller(question, workspace) else { return nil }
        let choice = Self.choice(of: workspace.rules, for: question, by: caller)
        isRefused = choice.actAs == .refuse
        let isInNone = question.user != nil && question.groups.isEmpty && workspace.rules.looksAtGroups
        text =
            Self.rule(choice.rule, workspace) + "\n" + Self.identity(choice.actAs, workspace, question)
            + (isInNone ? "\nThe person counts as being in no group; name theirs with --group." : "")
    }

    private static func caller(_ question: Question, _ workspace: WorkspaceSettings) -> Caller? {
        if let user = question.user { return .person(Array(user.utf8), groups: GroupNames(question.groups)) }
        return workspace.clients.firstIndex { $0.name == question.client }.map { .machine($0) }
    }

    /// Writes the request down as bytes, as the rules read it in the data path.
    private static func choice(
        of rules: IdentityRules, for question: Question, by caller: Caller
    ) -> IdentityRules.Choice {
        var head: [UInt8] = []
        func write(_ text: String) -> Range<Int> {
            let start = head.count
            head += Array(text.utf8)
            return start..<head.count
        }
        let parts = question.target.split(separator: "?", maxSplits: 1).map(String.init)
        var request = RuledRequest(method: write(question.method), path: write(parts.first ?? "/"))
        let query = parts.count > 1 ? write(parts[1]) : nil
        let clusters = question.cluster.map { [write($0)] } ?? []
        let body = Array(Self.body(question).utf8)
        request.readHead(head.span.bytes, query: query, clusterFields: clusters)
        if RuledRequest.mayNameInBody(head.span.bytes, path: request.path) {
            request.readBody(body.span.bytes, head.span.bytes)
        }
        return rules.choose(for: request, head.span.bytes, body.span.bytes, by: caller)
    }

    private static func body(_ question: Question) -> String {
        let members = [("warehouse_id", question.warehouse), ("job_id", question.job)]
        return "{" + members.compactMap { name, value in value.map { "\"\(name)\":\"\($0)\"" } }.joined(separator: ",")
            + "}"
    }

    private static func rule(_ index: Int?, _ workspace: WorkspaceSettings) -> String {
        guard let index else { return "No rule of workspace \(workspace.name) matches." }
        return
            "identities[\(index)] of workspace \(workspace.name) matches: it says actAs: \(workspace.identities[index].actAs.text)."
    }

    private static func identity(_ actAs: ActAs, _ workspace: WorkspaceSettings, _ question: Question) -> String {
        switch actAs {
        case .user: return "The request goes on as \(question.user ?? "the person who asks")."
        case .principal(let index):
            let principal = workspace.servicePrincipals[index]
            return "The request goes on as service principal \(principal.name) (\(principal.clientID))."
        case .refuse:
            return question.client == nil
                ? "The request is refused with 403."
                : "The request is refused with 403: a program needs a rule that names it a service principal."
        }
    }
}

extension IdentityRuleSettings.ActAs {
    fileprivate var text: String {
        switch self {
        case .user: "user"
        case .refuse: "refuse"
        case .principal(let name): name
        }
    }
}
