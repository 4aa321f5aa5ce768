import NIOCore

/// A small Databricks workspace and its OAuth server, in this process.
public final class Simulator: Sendable {
    public let port: Int
    /// What a client is configured with, without a slash at the end.
    public let url: String
    /// The authority that signed the certificate; empty without TLS.
    public let caPEM: String
    let state: SimulatorState
    private let serving: Task<Void, Never>

    /// Listens and answers until ``stop()``.
    public static func start(options: SimulatorOptions, eventLoopGroup: any EventLoopGroup) async throws -> Simulator {
        let identity = try Identity(options)
        let listener = try await HTTPListener(
            host: options.bindAddress, port: options.port, transport: identity.transport, group: eventLoopGroup)
        return Simulator(options: options, caPEM: identity.caPEM, listener: listener)
    }

    private init(options: SimulatorOptions, caPEM: String, listener: HTTPListener) {
        let state = SimulatorState(options: options, port: listener.port)
        self.state = state
        self.caPEM = caPEM
        port = listener.port
        url = state.metadata.base
        serving = Task { await listener.run { try await SimulatorSite(state: state).serve($0) } }
    }

    /// Closes the listener and every connection.
    public func stop() async {
        serving.cancel()
        await serving.value
    }
}

/// What the simulator shows in a handshake.
private struct Identity {
    var transport: Transport
    var caPEM: String

    init(_ options: SimulatorOptions) throws {
        guard options.transport == .tls else {
            (transport, caPEM) = (.plain, "")
            return
        }
        let authority = try options.certificates ?? DemoCertificates()
        transport = try .tls(leaf: authority.leaf(for: options.hostNames))
        caPEM = authority.caPEM
    }
}
