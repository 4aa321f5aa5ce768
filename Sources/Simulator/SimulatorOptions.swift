import Basics
import Foundation

/// How a simulator is set up.
public struct SimulatorOptions: Sendable {
    public enum TransportChoice: Sendable {
        case tls
        /// For tests of the simulator itself.
        case plain
    }

    /// The address to listen on, loopback by default.
    public var bindAddress = "127.0.0.1"
    /// 0 for any free port.
    public var port = 0
    public var transport = TransportChoice.tls
    /// Names and addresses in the certificate; the first one is in the URLs the simulator gives out.
    public var hostNames = ["localhost", "127.0.0.1"]
    /// Who signs the certificate; `nil` for an authority of the simulator's own.
    public var certificates: DemoCertificates?
    public var users: [DemoUser] = [.ada, .grace]
    public var clients: [SimulatorClient] = []
    public var accessTokenLife: Duration = .seconds(3600)
    public var refreshTokenLife: Duration = .seconds(90 * 86400)
    /// Single-use refresh tokens; a spent one presented again revokes its family either way.
    public var rotatesRefreshTokens = true
    /// Bytes of uploaded files kept at most.
    public var fileCapacity = 256 << 20
    public var clock = WallClock { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
    public var random = RandomSource.system
    /// Told of everything that happens, on any thread; must not block.
    public var onEvent: @Sendable (SimulatorEvent) -> Void = { _ in }

    public init(clients: [SimulatorClient] = []) {
        self.clients = clients
    }
}
