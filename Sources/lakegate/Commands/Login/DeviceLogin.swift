import Basics
import Foundation
import OAuth
import Provider

/// The device grant (RFC 8628), from the program's side.
struct DeviceLogin: Sendable {
    let host: HTTPSHost
    let client: ProviderClient

    /// Lakegate knows its own command by this client ID, and gives it a session token.
    static let clientID = "lakegate-login"

    /// - Parameter say: Shows a line to the person.
    func run(_ say: (String) -> Void) async throws(CommandFailure) -> Secret<String> {
        let authorization = try await begin()
        say(
            """
            To sign in, open this address in any browser:

              \(authorization.completeURL ?? authorization.verificationURL)

            It must show this code:  \(authorization.userCode)
            Waiting until you have confirmed it there …
            """)
        return try await wait(for: authorization)
    }

    private func begin() async throws(CommandFailure) -> DeviceAuthorization {
        let fields = [
            FormCoding.Field("client_id", Self.clientID),
            FormCoding.Field("label", SafeText.visible(ProcessInfo.processInfo.hostName, longest: 60)),
        ]
        let answer = try await post("/oidc/v1/device_authorization", fields)
        guard answer.status == 200, let authorization = DeviceAuthorization.parse(answer.body) else {
            throw CommandFailure("\(host.url) does not let this machine sign in: \(answer.reason)")
        }
        return authorization
    }

    private func wait(for authorization: DeviceAuthorization) async throws(CommandFailure) -> Secret<String> {
        let end = ContinuousClock.now + authorization.lifetime
        var interval = authorization.interval
        while ContinuousClock.now < end {
            try? await Task.sleep(for: interval)
            switch await look(authorization) {
            case .granted(let tokens): return tokens.accessToken
            case .slowDown: interval += .seconds(5)
            case .denied: throw CommandFailure("the sign-in was denied in the browser")
            case .expired: throw CommandFailure("nobody confirmed the sign-in in time; start again")
            case .pending, .failed: continue
            }
        }
        throw CommandFailure("nobody confirmed the sign-in in time; start again")
    }

    /// A host that is away for a moment is asked again.
    private func look(_ authorization: DeviceAuthorization) async -> DeviceAnswer {
        let fields = [
            FormCoding.Field("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            FormCoding.Field("device_code", authorization.deviceCode.reveal()),
            FormCoding.Field("client_id", Self.clientID),
        ]
        do throws(CommandFailure) {
            let answer = try await post("/oidc/v1/token", fields)
            return DeviceAnswer.read(status: answer.status, body: answer.body)
        } catch { return .failed(reason: error.description) }
    }

    private func post(
        _ path: String, _ fields: [FormCoding.Field]
    ) async throws(CommandFailure) -> ProviderResponse {
        let body = Secret(Array(FormCoding.encode(fields).utf8))
        do throws(ProviderError) {
            return try await client.send(ProviderRequest(.post(body), url: host.url + path, authorization: nil))
        } catch { throw CommandFailure("\(error)") }
    }
}

extension ProviderResponse {
    /// Why it is not what was hoped for.
    fileprivate var reason: String {
        switch TokenError.classify(status: status, retryAfter: retryAfter, body: body) {
        case .deadGrant(let reason), .badClient(let reason), .passing(let reason, _): reason
        }
    }
}
