import Basics
import Gate
import OAuth
import Sessions
import Settings

extension Authority {
    /// RFC 8628, section 3.4: tokens, once the person has said yes.
    func redeemDevice(
        _ form: TokenForm, _ request: LocalRequest, at workspace: WorkspaceSettings
    ) async throws(OAuthFault) -> TokenAnswer {
        let client = try client(form, request, of: workspace)
        let found = try await device(try form.needed("device_code"), of: client, request)
        let now = outside.clock.now()
        guard now < found.handoff.askedUntil else { throw .expiredDevice }
        switch found.handoff.state {
        case .pending: throw pace.allows(found.handoff.id, at: now) ? OAuthFault.pendingDevice : OAuthFault.slowDown
        case .denied: throw OAuthFault(code: "access_denied", description: "The person did not allow it.")
        case .ended: throw .spentDevice
        case .confirmed(let answer):
            let login = try await makeLogin(for: client, label: found.handoff.label, in: answer.session, request)
            try await claim(found, for: login, request)
            return try await self.answer(for: login, client, request, workspace)
        }
    }

    private func device(
        _ code: String, of client: FacadeClient, _ request: LocalRequest
    ) async throws(OAuthFault) -> Handoffs.Found {
        do throws(SessionError) {
            let found = try await handoffs.find(secret: code, purpose: .device, at: request.workspace)
            if let found, found.handoff.client.isSameText(client.id) { return found }
        } catch {
            log("device code not looked at", request, error)
            throw .passing
        }
        throw .grant("The device code is none, or not of this client.")
    }

    /// Of two who come at the same time one gets a login; the other one's is taken back.
    private func claim(
        _ found: Handoffs.Found, for login: Login, _ request: LocalRequest
    ) async throws(OAuthFault) {
        var fault = OAuthFault.spentDevice
        do throws(SessionError) {
            if try await handoffs.change(found, to: .ended) { return }
        } catch {
            log("device code not marked as used", request, error)
            fault = .passing
        }
        try? await keeper.removeKey(login.key.digest, from: login.session.id)
        throw fault
    }
}

extension OAuthFault {
    static let pendingDevice = OAuthFault(
        code: "authorization_pending", description: "The person has not answered yet.")
    static let slowDown = OAuthFault(
        code: "slow_down", description: "Ask less often: wait five seconds more each time.")
    static let expiredDevice = OAuthFault(
        code: "expired_token", description: "The device code is over; ask for another.")
    static let spentDevice = OAuthFault.grant("The device code has been used.")
}
