import OAuth
import Sessions

/// Why a token endpoint brought no tokens.
enum TokenFailure: Error, Sendable, Equatable {
    case answer(TokenError)
    case transport(ProviderError)
    case unusable(TokenResponseFault)
    case clientSecret(ClientSecretFault)

    /// Safe to log.
    var text: String {
        switch self {
        case .answer(.deadGrant(let reason)), .answer(.passing(let reason, _)), .answer(.badClient(let reason)): reason
        case .transport(let error): "\(error)"
        case .unusable(let fault): "token answer: \(fault)"
        case .clientSecret(let fault): "client secret file: \(fault)"
        }
    }

    /// What it means for somebody who logs in.
    var ofLogin: LoginFailure {
        switch self {
        case .answer(.deadGrant(let reason)), .answer(.passing(let reason, _)), .answer(.badClient(let reason)):
            .refused(reason: reason)
        case .transport(let error): .unreachable(error)
        case .unusable(let fault): .unusable(reason: "token answer: \(fault)")
        case .clientSecret(let fault): .clientSecret(fault)
        }
    }

    /// What it means for a service principal.
    var ofPrincipal: PrincipalFailure {
        switch self {
        case .answer(.deadGrant(let reason)), .answer(.badClient(let reason)): .refused(reason: reason)
        case .answer(.passing(let reason, let retryAfter)): .passing(reason: reason, retryAfter: retryAfter)
        case .transport, .unusable: .passing(reason: text, retryAfter: nil)
        case .clientSecret: .refused(reason: text)
        }
    }

    /// What it means for a session that needs a fresh token.
    var ofRefresh: RefreshFailure {
        switch self {
        case .answer(.deadGrant(let reason)): .grantIsDead(reason: reason)
        case .answer(.passing(let reason, let retryAfter)): .passing(reason: reason, retryAfter: retryAfter)
        // An operator mends it; no login is lost for a secret that was rotated on one side first.
        case .answer(.badClient(let reason)): .passing(reason: reason, retryAfter: nil)
        case .transport(let error) where error.mayHaveArrived: .answerLost(reason: text)
        case .transport, .unusable, .clientSecret: .passing(reason: text, retryAfter: nil)
        }
    }
}
