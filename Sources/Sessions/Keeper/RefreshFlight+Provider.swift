import Basics

// What a flight asks the provider.
extension RefreshFlight {
    mutating func spend() async -> RefreshMachine.Input {
        guard let session = stored, let token = session.grant.refreshToken else {
            problem = .loginNeeded(reason: "the session has no refresh token")
            return .grantIsDead
        }
        // A replica that was stopped meanwhile may have lost its lease.
        let left = sendBefore - parts.uptime.now()
        guard left > .zero else {
            await giveBackLease()
            return .fenced
        }
        spentGeneration = session.grantGeneration
        do throws(RefreshFailure) {
            var grant = try await parts.refresher.refresh(
                workspace: session.workspace, client: session.grant.clientID, refreshToken: token, within: left)
            // A provider that does not rotate may leave the refresh token out (RFC 6749, section 6).
            grant.refreshToken = grant.refreshToken ?? token
            grant.clientID = grant.clientID ?? session.grant.clientID
            fresh = grant
            return .granted
        } catch {
            return refused(error)
        }
    }

    mutating func refused(_ failure: RefreshFailure) -> RefreshMachine.Input {
        switch failure {
        case .grantIsDead(let reason):
            problem = .loginNeeded(reason: reason)
            return .grantIsDead
        case .passing(let reason, let retryAfter):
            problem = .refreshFailed(reason, retryAfter: retryAfter)
            return .refreshFailed(retryAfter: retryAfter)
        case .otherClient(let reason):
            // Not stored: it lives on once the client is configured again.
            problem = .loginNeeded(reason: reason)
            return .refreshFailed(retryAfter: nil)
        case .answerLost(let reason):
            problem = .refreshFailed(reason, retryAfter: nil)
            wasAnswerLost = true
            return .answerLost
        }
    }
}
