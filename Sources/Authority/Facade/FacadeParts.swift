import Basics
import JOSE
import Logging
import Sessions
import Settings

/// What the OAuth server and the data path share: the same keys sign tokens and open them.
public struct FacadeParts: Sendable {
    let keys: FacadeKeys
    let clientKeys: ClientKeyFiles
    /// What a bearer stands for.
    public let bearers: any BearerResolving

    /// - Parameter handles: Resolves what programs were handed.
    public init(
        _ workspaces: [WorkspaceSettings], keyring: KeyringBox, keeper: any SessionKeeping,
        handles: any BearerResolving, clock: WallClock, logger: Logger
    ) {
        keys = FacadeKeys(keyring)
        clientKeys = ClientKeyFiles(clock: clock, logger: logger)
        bearers = Bearers(
            workspaces, keys: keys, issuers: TrustedIssuers(workspaces, clock: clock, logger: logger),
            clientKeys: clientKeys, handles: handles, keeper: keeper, clock: clock)
    }
}
