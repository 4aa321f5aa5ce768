import Basics
import JOSE
import Sessions
import Settings

/// All bearers that are no session tokens, told apart by how they begin.
public struct Bearers: BearerResolving {
    private let signed: FacadeBearers
    private let keys: ClientKeyBearers
    private let handles: any BearerResolving
    private let clock: WallClock

    public init(
        _ workspaces: [WorkspaceSettings], keys: FacadeKeys, issuers: TrustedIssuers, clientKeys: ClientKeyFiles,
        handles: any BearerResolving, keeper: any SessionKeeping, clock: WallClock
    ) {
        let known = Dictionary(workspaces.map { ($0.name, $0) }) { first, _ in first }
        signed = FacadeBearers(
            workspaces: known, keys: keys, issuers: issuers, files: clientKeys, keeper: keeper, clock: clock)
        self.keys = ClientKeyBearers(workspaces: known, files: clientKeys, clock: clock)
        self.handles = handles
        self.clock = clock
    }

    public func resolve(_ bearer: Secret<String>, workspace: String) async throws(SessionError) -> ResolvedBearer {
        let text = bearer.reveal()
        if text.hasPrefix("eyJ") { return try await signed.resolve(bearer, workspace: workspace) }
        if text.hasPrefix(ClientKey.prefix) { return try await keys.resolve(bearer, workspace: workspace) }
        if text.hasPrefix(Handoff.Purpose.handle.prefix) {
            return try await handles.resolve(bearer, workspace: workspace)
        }
        return ResolvedBearer(.foreign, until: clock.now() + .seconds(60))
    }
}
