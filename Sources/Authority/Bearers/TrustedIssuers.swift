import Basics
import JOSE
import Logging
import Provider
import Sessions
import Settings

/// The issuers whose tokens stand for machine clients.
public struct TrustedIssuers: Sendable {
    private struct Name: Hashable {
        var workspace: String
        var issuer: String
        var keysURL: String?
    }

    private let issuers: [Name: IssuerKeys]
    private let clock: WallClock
    private let logger: Logger

    public init(_ workspaces: [WorkspaceSettings], clock: WallClock, logger: Logger) {
        var issuers: [Name: IssuerKeys] = [:]
        for workspace in workspaces {
            let client = ProviderClient(extraTrust: workspace.caPath)
            for trusted in workspace.clients.compactMap(\.issuer) {
                issuers[Self.name(trusted, workspace)] = IssuerKeys(
                    issuer: trusted.issuer, keysURL: trusted.keysURL, client: client, clock: clock)
            }
        }
        (self.issuers, self.clock, self.logger) = (issuers, clock, logger)
    }

    private static func name(_ trusted: TokenIssuerSettings, _ workspace: WorkspaceSettings) -> Name {
        Name(workspace: workspace.name, issuer: trusted.issuer, keysURL: trusted.keysURL)
    }

    /// `nil` for a token that speaks of no client of the workspace.
    func resolve(
        _ token: UnverifiedToken, at workspace: WorkspaceSettings
    ) async throws(SessionError) -> ResolvedBearer? {
        let client = workspace.clients.first { $0.issuer.map { $0.isMeant(by: token.claims) } ?? false }
        guard let client, let trusted = client.issuer, let keys = issuers[Self.name(trusted, workspace)] else {
            return nil
        }
        let soon = clock.now() + .seconds(30)
        guard try await keys.believes(token, logger) else {
            return ResolvedBearer(.refused(reason: "its issuer did not sign it, or its time is over"), until: soon)
        }
        let end = Timestamp(milliseconds: (token.claims.expiresAt ?? 0) * 1000) + .seconds(60)
        return ResolvedBearer(.machine(client.name), until: end)
    }
}

extension IssuerKeys {
    fileprivate func believes(_ token: UnverifiedToken, _ logger: Logger) async throws(SessionError) -> Bool {
        do throws(IssuerKeysFault) {
            return try await believes(token)
        } catch {
            logger.warning("keys of a token's issuer not fetched", metadata: ["reason": "\(error.reason)"])
            throw .refreshFailed("the keys of the token's issuer cannot be fetched", retryAfter: .seconds(5))
        }
    }
}

extension TokenIssuerSettings {
    fileprivate func isMeant(by claims: UnverifiedClaims) -> Bool {
        claims.issuer.isSameText(issuer) && (claims.subject.map { $0.isSameText(subject) } ?? false)
            && claims.audiences.contains { $0.isSameText(audience) }
    }
}
