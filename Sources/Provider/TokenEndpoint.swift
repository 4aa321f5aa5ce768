import Basics
import OAuth
import Sessions
import Settings

/// The token endpoint of one provider.
struct TokenEndpoint: Sendable {
    let settings: OAuthSettings
    let client: ProviderClient
    let clock: WallClock

    func grant(for offer: TokenOffer, within time: Duration? = nil) async throws(TokenFailure) -> TokenGrant {
        let request = TokenRequest(offer, by: offer.needsClient ? try settings.identity() : nil)
        let called = clock.now()
        let response = try await post(request, within: time)
        guard response.status == 200 else {
            throw .answer(
                .classify(
                    status: response.status, retryAfter: response.retryAfter, body: response.body,
                    ofExchange: !offer.needsClient))
        }
        // When it was sent, not when it was answered: tokens may be younger than we think, never older.
        return try grant(from: response.body, asked: called + response.waited)
    }

    private func post(
        _ request: TokenRequest, within time: Duration?
    ) async throws(TokenFailure) -> ProviderResponse {
        do {
            return try await client.send(
                ProviderRequest(
                    .post(request.body), url: settings.tokenURL, authorization: request.authorization, within: time))
        } catch { throw .transport(error) }
    }

    private func grant(from body: [UInt8], asked: Timestamp) throws(TokenFailure) -> TokenGrant {
        do {
            let response = try TokenResponse.parse(body)
            return TokenGrant(
                accessToken: response.accessToken, obtainedAt: asked, expiresAt: asked + response.lifetime,
                refreshToken: response.refreshToken, clientID: settings.clientID)
        } catch { throw .unusable(error) }
    }
}

extension OAuthSettings {
    /// With the client secret as it is in its file this moment.
    func identity() throws(TokenFailure) -> ClientIdentity {
        guard let path = clientSecretPath else { return ClientIdentity(id: clientID, secret: nil) }
        do {
            return ClientIdentity(id: clientID, secret: try ClientSecretFile(path: path).read())
        } catch { throw .clientSecret(error) }
    }
}
