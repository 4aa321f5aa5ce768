/// Why the rules of a workspace refuse a request.
public enum NotAllowed: Sendable, Equatable {
    /// A rule says so, by its place in `identities`, from 0.
    case rule(Int)
    /// No rule lets this program do this, and a program has no identity of its own.
    case noRule
    /// The workspace gives the person no token; the reason is safe to show.
    case noToken(reason: String)

    var message: String {
        switch self {
        case .rule(let index):
            "A rule of this proxy refuses this request (identities[\(index)] of the workspace)."
        case .noRule:
            "No rule of this proxy lets this program make this request. The operator names it in identities of the workspace."
        case .noToken(let reason):
            "This workspace gives you no token for your login (\(reason)). Are you a member of it? The operator looks at its "
                + "account's federation policy."
        }
    }
}
