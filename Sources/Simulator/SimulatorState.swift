import Basics
import Synchronization

/// What all connections of one simulator share, each part behind its own lock.
final class SimulatorState: Sendable {
    let oauth: Mutex<OAuthServer>
    let fault = Mutex<TokenFault?>(nil)
    let files: Mutex<FileShelf>
    let statements = Mutex(StatementBook())
    let metadata: Metadata
    let host: String
    let port: Int
    let clock: WallClock
    let random: RandomSource
    let report: @Sendable (SimulatorEvent) -> Void

    init(options: SimulatorOptions, port: Int) {
        self.host = options.hostNames.first ?? options.bindAddress
        self.port = port
        self.metadata = Metadata(
            base: "\(options.transport == .plain ? "http" : "https")://\(host):\(port)",
            organization: DemoObjects.organization)
        self.clock = options.clock
        self.random = options.random
        self.report = options.onEvent
        self.files = Mutex(FileShelf(capacity: options.fileCapacity))
        self.oauth = Mutex(
            OAuthServer(
                rules: OAuthServer.Rules(
                    accessTokenLife: options.accessTokenLife, refreshTokenLife: options.refreshTokenLife,
                    rotatesRefreshTokens: options.rotatesRefreshTokens),
                clients: options.clients, users: options.users, issuer: metadata.issuer, random: options.random))
    }
}
