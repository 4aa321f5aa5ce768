/// The rules of one workspace, in their order. Without a rule that matches, people act as themselves and programs may do nothing.
public struct IdentityRules: Sendable {
    public struct Choice: Sendable, Equatable {
        public var actAs: ActAs
        /// Index of the rule that matched; `nil` where none did.
        public var rule: Int?
        /// The rule asks for groups, and those of the person are not known.
        public var lacksGroups = false
    }

    private let rules: [IdentityRule]
    /// Whether some rule looks at what a body may say, so that the decision has to wait for it.
    public let looksAtBody: Bool

    public init(_ rules: [IdentityRule] = []) {
        self.rules = rules
        looksAtBody = rules.contains(where: \.looksAtBody)
    }

    public var isEmpty: Bool { rules.isEmpty }

    /// Whether some rule looks at the groups of people.
    public var looksAtGroups: Bool { rules.contains { !$0.groups.isEmpty } }

    public func choose(
        for request: RuledRequest, _ head: RawSpan, _ body: RawSpan, by caller: Caller
    ) -> Choice {
        for index in rules.indices where rules[index].matches(request, head, body, by: caller) {
            if rules[index].isUnclear(for: caller) { return Choice(actAs: .refuse, rule: index, lacksGroups: true) }
            return Choice(actAs: possible(rules[index].actAs, for: caller), rule: index)
        }
        return Choice(actAs: possible(.user, for: caller), rule: nil)
    }

    /// A program has no identity of its own.
    private func possible(_ actAs: ActAs, for caller: Caller) -> ActAs {
        if case .machine = caller, actAs == .user { return .refuse }
        return actAs
    }
}
