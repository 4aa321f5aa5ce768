import Basics
import JOSE
import Sessions
import Settings

/// Bearers that are signed tokens (`eyJ…`): those that Lakegate gave, and those of issuers whom a workspace trusts.
struct FacadeBearers: BearerResolving {
    let workspaces: [String: WorkspaceSettings]
    let keys: FacadeKeys
    let issuers: TrustedIssuers
    let files: ClientKeyFiles
    let keeper: any SessionKeeping
    let clock: WallClock

    func resolve(_ bearer: Secret<String>, workspace: String) async throws(SessionError) -> ResolvedBearer {
        guard let token = UnverifiedToken(bearer), let settings = workspaces[workspace] else { return soon(.foreign) }
        if let host = IssuerHost(token.claims.issuer) {
            if settings.hosts.contains(host.name) { return try await ours(token, at: settings) }
            // It opens nothing anywhere else, and is nobody else's business.
            if workspaces.values.contains(where: { $0.hosts.contains(host.name) }) {
                return soon(.refused(reason: "it is for another workspace"))
            }
        }
        return try await issuers.resolve(token, at: settings) ?? soon(.foreign)
    }

    private func ours(
        _ token: UnverifiedToken, at workspace: WorkspaceSettings
    ) async throws(SessionError) -> ResolvedBearer {
        guard let claims = keys.open(token), claims.audience == workspace.name else {
            return soon(.refused(reason: "its signature does not fit"))
        }
        // Clients renew a token when its time is over, and not all of them before.
        let end = Timestamp(milliseconds: claims.expiresAt * 1000) + .seconds(60)
        guard clock.now() < end else { return soon(.refused(reason: "its time is over")) }
        guard let session = claims.session else { return machine(claims, until: end, at: workspace) }
        return try await person(session, claims.key, until: end, at: workspace)
    }

    private func machine(
        _ claims: AccessClaims, until end: Timestamp, at workspace: WorkspaceSettings
    ) -> ResolvedBearer {
        let client = workspace.clients.first { $0.name.isSameText(claims.clientID) }
        guard let client, let key = client.keyPath.flatMap({ files.digest($0) }), key.publicID == claims.key else {
            return soon(.refused(reason: "its client has another key"))
        }
        return ResolvedBearer(.machine(client.name), until: min(end, clock.now() + .seconds(60)))
    }

    private func person(
        _ session: String, _ key: String?, until end: Timestamp, at workspace: WorkspaceSettings
    ) async throws(SessionError) -> ResolvedBearer {
        let over = soon(.refused(reason: "its login has ended"))
        guard let id = SessionID(text: session) else { return over }
        do throws(SessionError) {
            guard let session = try await keeper.load(id), session.workspace == workspace.realm,
                let key = session.keys.first(where: { $0.kind == .login && $0.publicID == key })
            else { return over }
            return ResolvedBearer(.key(id, key.digest, .login), until: end)
        } catch .unknownSession { return over }
    }

    /// Looked at again before long: keyrings change, and a store that lost something may get it back.
    private func soon(_ meaning: ResolvedBearer.Meaning) -> ResolvedBearer {
        ResolvedBearer(meaning, until: clock.now() + .seconds(30))
    }
}

/// The host in an issuer's name of ours: `https://HOST/oidc` or `https://HOST:PORT/oidc`.
struct IssuerHost {
    let name: String

    init?(_ issuer: String) {
        guard issuer.hasPrefix("https://"), issuer.hasSuffix("/oidc") else { return nil }
        let authority = issuer.dropFirst(8).dropLast(5)
        let port = authority.drop { $0 != ":" }
        guard port.isEmpty || (2...6).contains(port.utf8.count) && port.dropFirst().utf8.allSatisfy(Self.isDigit) else {
            return nil
        }
        name = authority.prefix { $0 != ":" }.lowercased()
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
