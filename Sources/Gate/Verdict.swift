/// Proof that one request may go to its workspace, and as whom.
///
/// Only ``Gate`` makes one, and forwarding consumes it, so "forwarded unchecked" and "forwarded twice on one check"
/// do not compile.
public struct Permit: ~Copyable, Sendable {
    public let identity: Identity

    fileprivate init(identity: Identity) {
        self.identity = identity
    }
}

/// Who has an access token of one workspace that no login brought.
public enum TokenHolder: Sendable, Equatable {
    /// A service principal of the workspace, by its index.
    case principal(Int)
    /// The person of the session that was found, whose token the workspace exchanges for one of its own (RFC 8693).
    case person
}

/// Whose credential the workspace will see.
public enum Identity: Sendable, Equatable {
    /// The access token of the session that was found.
    case session
    case holder(TokenHolder)
    /// Whatever the client itself sent.
    case client
}

/// What the gate decided. There is no `Bool` to read the wrong way round.
public enum Verdict: ~Copyable, Sendable {
    case forward(Permit)
    /// A person is sent to the login page and comes back to what they asked for.
    case login
    case refuse(Refusal)
}

/// What is known of the credential a request came with.
public enum Finding: Sendable, Equatable {
    case noCredential
    /// A session of this workspace whose access token is good.
    case liveSession
    /// A rule has chosen this service principal of the workspace, or the person needs a token of it, and that is good.
    case actingAs(TokenHolder)
    /// The rules leave whoever asks nothing here.
    case notAllowed(NotAllowed)
    /// A bearer of ours, or of an issuer that is trusted, that is good for nothing.
    case badBearer(reason: String)
    /// A bearer that Lakegate did not issue.
    case foreignBearer
    case unknownSession
    case sessionEnded
    case loginExpired(reason: String)
    /// Nothing could be found out, for a reason that will pass.
    case unavailable(Refusal)
}

/// What a workspace's configuration says about bearers that Lakegate did not issue.
public enum ForeignBearerRule: Sendable, Equatable {
    case pass, refuse
}

/// The decision about one request. No rule means deny: every way to a permit is written out.
public enum Gate {
    public static func decide(_ finding: Finding, asker: Asker, foreignBearers: ForeignBearerRule) -> Verdict {
        switch finding {
        case .liveSession: .forward(Permit(identity: .session))
        case .actingAs(let holder): .forward(Permit(identity: .holder(holder)))
        case .notAllowed(let reason): .refuse(.notAllowed(reason))
        case .badBearer(let reason): .refuse(.badBearer(reason: reason))
        case .foreignBearer:
            switch foreignBearers {
            case .pass: .forward(Permit(identity: .client))
            case .refuse: .refuse(.foreignBearer)
            }
        case .noCredential: loginOrRefuse(.notLoggedIn, asker)
        case .unknownSession: loginOrRefuse(.unknownSession, asker)
        case .sessionEnded: loginOrRefuse(.sessionEnded, asker)
        case .loginExpired(let reason): loginOrRefuse(.loginExpired(reason: reason), asker)
        case .unavailable(let refusal): .refuse(refusal)
        }
    }

    private static func loginOrRefuse(_ refusal: Refusal, _ asker: Asker) -> Verdict {
        switch asker {
        case .browser: .login
        case .program: .refuse(refusal)
        }
    }
}
