import Basics
import Gate
import OAuth
import Sessions
import Settings

extension Authority {
    /// The device authorization endpoint (RFC 8628, section 3.1): a program without a browser asks, a person answers with
    /// theirs, wherever that is.
    func authorizeDevice(_ request: LocalRequest, at workspace: AuthorityWorkspace) async -> LocalResponse {
        do throws(OAuthFault) {
            let form = try TokenForm(request)
            let client = try client(form, request, of: workspace.settings)
            if case .machine(let machine) = client, !machine.mayAskForSessions {
                throw OAuthFault(code: "unauthorized_client", description: "This client may not ask for sessions.")
            }
            let begun = try await begin(client, label: form["label"] ?? "", request)
            return answers.json(DeviceAsked(begun, at: request.authority))
        } catch { return answers.json(error, status: error.status, and: error.fields) }
    }

    private func begin(
        _ client: FacadeClient, label: String, _ request: LocalRequest
    ) async throws(OAuthFault) -> BegunHandoff {
        guard mayAsk(client.id) else { throw .passing }
        let question = HandoffQuestion(
            purpose: .device, workspace: request.workspace, client: client.id,
            label: SafeText.visible(label, longest: 60), expectedUser: nil, lifetime: lifetime)
        do throws(SessionError) {
            let begun = try await handoffs.begin(question)
            note("device login asked for", request, of: begun.handoff)
            return begun
        } catch {
            log("device login not stored", request, error)
            throw .passing
        }
    }
}

/// RFC 8628, section 3.2.
struct DeviceAsked: Encodable {
    var deviceCode: String
    var userCode: String
    var verificationURL: String
    var completeURL: String
    /// Seconds.
    var expiresIn: Int64
    var interval: Int64

    init(_ begun: BegunHandoff, at authority: String) {
        deviceCode = begun.secret.reveal()
        userCode = begun.handoff.code.text
        verificationURL = "https://\(authority)\(Route.devicePage.path)"
        completeURL = begun.handoff.confirmURL(at: authority)
        expiresIn = Handoff.patience.components.seconds
        interval = PollPace.interval.components.seconds
    }

    enum CodingKeys: String, CodingKey {
        case interval
        case deviceCode = "device_code"
        case userCode = "user_code"
        case verificationURL = "verification_uri"
        case completeURL = "verification_uri_complete"
        case expiresIn = "expires_in"
    }
}
