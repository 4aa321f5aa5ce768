import OAuth
import Sessions

/// Why a token endpoint brought no tokens.
enum TokenFailure: Error, Sendable, Equatable {
    case answer(TokenError)
    case transport(ProviderError)
    case unusable(TokenResponseFault)
    case clientSecret(ClientSecretFault)

    /// What it means for somebody who logs in.
    var ofLogin: LoginFailure {
        switch self {
        case .answer(.deadGrant(let reason)), .answer(.passing(let reason, _)): .refused(reason: reason)
        case .transport(let error): .unreachable(error)
        case .unusable(let fault): .unusable(reason: "token answer: \(fault)")
        case .clientSecret(let fault): .clientSecret(fault)
        }
    }

    /// What it means for a session that needs a fresh token.
    var ofRefresh: RefreshFailure {
        switch self {
        case .answer(.deadGrant(let reason)): .grantIsDead(reason: reason)
        case .answer(.passing(let reason, let retryAfter)): .passing(reason: reason, retryAfter: retryAfter)
        case .transport(let error) where error.mayHaveArrived: .answerLost(reason: "\(error)")
        case .transport(let error): .passing(reason: "\(error)", retryAfter: nil)
        case .unusable(let fault): .passing(reason: "token answer: \(fault)", retryAfter: nil)
        case .clientSecret(let fault): .passing(reason: "client secret file: \(fault)", retryAfter: nil)
        }
    }
}
