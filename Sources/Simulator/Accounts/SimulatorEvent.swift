/// Something that happened in the simulator; never holds a code, a token or a secret.
public enum SimulatorEvent: Sendable, Equatable {
    case authorizeShown(client: String)
    case authorizeRefused(reason: String)
    case signedIn(user: String, client: String)
    case accessDenied(client: String)
    case tokenIssued(user: String, grant: String)
    case tokenRefused(grant: String, error: String)
    /// Somebody presented a refresh token that was spent before; its family is dead now.
    case refreshReplayed
    /// The workspace answered. `user` is `nil` when the bearer was missing or not accepted.
    case call(method: String, path: String, user: String?, status: Int)
}

extension SimulatorEvent: CustomStringConvertible {
    public var description: String {
        switch self {
        case .authorizeShown(let client): "sign-in form shown for client \(client)"
        case .authorizeRefused(let reason): "authorize refused: \(reason)"
        case .signedIn(let user, let client): "\(user) signed in for client \(client)"
        case .accessDenied(let client): "sign-in declined for client \(client)"
        case .tokenIssued(let user, let grant): "tokens issued to \(user) (\(grant))"
        case .tokenRefused(let grant, let error): "token request refused (\(grant)): \(error)"
        case .refreshReplayed: "a spent refresh token came again: its family is revoked"
        case .call(let method, let path, let user, let status):
            "\(method) \(path) by \(user ?? "nobody"): \(status)"
        }
    }
}
