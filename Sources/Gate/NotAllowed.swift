extension IdentityRules.Choice {
    /// Why, of a choice that refuses.
    public var reason: NotAllowed {
        guard let rule else { return .noRule }
        return lacksGroups ? .groupsUnknown(rule: rule) : .rule(rule)
    }
}

/// Why the rules of a workspace refuse a request.
public enum NotAllowed: Sendable, Equatable {
    /// A rule says so, by its place in `identities`, from 0.
    case rule(Int)
    /// A rule asks for groups of the person, which are not known.
    case groupsUnknown(rule: Int)
    /// A rule lets members of the workspace act as a principal, and the login was made at another of the account.
    case loginElsewhere(rule: Int)
    /// No rule lets this program do this, and a program has no identity of its own.
    case noRule
    /// The workspace gives the person no token; the reason is safe to show.
    case noToken(reason: String)

    var message: String {
        switch self {
        case .rule(let index):
            "A rule of this proxy refuses this request (identities[\(index)] of the workspace)."
        case .groupsUnknown(let index):
            "A rule of this proxy asks for groups (identities[\(index)] of the workspace), and those of this login are not "
                + "known. Sign out and sign in again; if that does not help, they are too many, or Databricks does not tell."
        case .loginElsewhere(let index):
            "A rule of this proxy lets members of this workspace act as a service principal (identities[\(index)]). Your login was "
                + "made at another workspace: sign in under the host name of this one, to show that you are a member."
        case .noRule:
            "No rule of this proxy lets this program make this request. The operator names it in identities of the workspace."
        case .noToken(let reason):
            "This workspace gives you no token for your login (\(reason)). Are you a member of it? The operator looks at its "
                + "account's federation policy."
        }
    }
}
