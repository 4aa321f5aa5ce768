import Basics
import Sessions
import Settings

/// Bearers that are keys of machine clients (`lkc_…`).
struct ClientKeyBearers: BearerResolving {
    let workspaces: [String: WorkspaceSettings]
    let files: ClientKeyFiles
    let clock: WallClock

    func resolve(_ bearer: Secret<String>, workspace: String) async throws(SessionError) -> ResolvedBearer {
        let until = clock.now() + .seconds(60)
        guard let digest = ClientKey.digest(of: bearer.reveal()) else {
            return ResolvedBearer(.refused(reason: "it is no key"), until: until)
        }
        // All are compared, whichever it is.
        let owners = (workspaces[workspace]?.clients ?? []).filter { client in
            client.keyPath.flatMap { files.digest($0) }.map { $0 == digest } ?? false
        }
        guard let owner = owners.first else {
            return ResolvedBearer(.refused(reason: "it is not the key of a client of this workspace"), until: until)
        }
        return ResolvedBearer(.machine(owner.name), until: until)
    }
}
