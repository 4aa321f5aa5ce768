import Gate
import Sessions
import Wire

/// As whom a request goes on, where the workspace has rules.
extension Exchange {
    var rules: IdentityRules { loop.shared.workspaces[workspace].rules }

    /// Whether the decision needs the body, and it is not all here.
    func rulesWaitForBody(_ head: RawSpan) -> Bool {
        rules.looksAtBody && !requestIsComplete && !isGRPC && !isUpgrade
            && RuledRequest.mayNameInBody(head, path: path.range)
    }

    func awaitBody() {
        awaitsBody = true
        hasInvited = awaitsInvitation
        if awaitsInvitation { client?.invite() }
        awaitsInvitation = false
    }

    /// All that will be looked at of the body is here: the whole of it, or more than is held.
    func bodySeen() {
        awaitsBody = false
        perform(machine.headReceived(lookUpAgain()))
    }

    /// Asks the rules on behalf of whoever was found.
    func choose(_ head: RawSpan) -> Lookup {
        guard let caller else { return .settled(.unknownSession) }
        let held = held
        let body = held.span.bytes.extracting(headLength..<held.count)
        let choice = rules.choose(for: ruledRequest(head, body), head, body, by: caller)
        rule = choice.rule
        switch choice.actAs {
        case .user: return exchangesTokens ? lookUp(.person) : .settled(.liveSession)
        case .refuse: return .settled(.notAllowed(choice.reason))
        case .principal where !isKnownMember: return .settled(.notAllowed(.loginElsewhere(rule: choice.rule ?? 0)))
        case .principal(let index): return lookUp(.principal(index))
        }
    }

    /// A login of an account shows that the person belongs to the workspace where it was made. The others decide by themselves what
    /// its token may do there; a principal's token they would take from anybody.
    private var isKnownMember: Bool {
        let site = loop.shared.workspaces[workspace]
        return machineClient != nil || site.realm == site.name || session?.groups.workspace == site.name
    }

    private var caller: Caller? {
        let name = loop.shared.workspaces[workspace].name
        return machineClient.map { .machine($0) }
            ?? session.map { .person($0.userNameBytes, groups: $0.groups.names(in: name)) }
    }

    private func ruledRequest(_ head: RawSpan, _ body: RawSpan) -> RuledRequest {
        var request = RuledRequest(method: methodName.range, path: path.range)
        guard rules.looksAtBody else { return request }
        request.readHead(
            head, query: loop.requestHead.query?.range,
            clusterFields: loop.requestHead.values(named: "x-databricks-cluster-id", in: head))
        if RuledRequest.mayNameInBody(head, path: path.range) {
            // What calls itself gRPC may be taken for JSON there all the same.
            request.readBody(requestIsComplete && bodyIsHeld && !isGRPC ? body : nil, head)
        }
        return request
    }
}
