import Basics
import Foundation
import Logging
import NIOPosix
import ServiceLifecycle
import Settings
import Simulator

/// A simulated workspace and a Lakegate before it, both on loopback.
struct Demo {
    let simulator: Simulator
    let running: RunningLakegate
    let folder: DemoFolder
    let logger: Logger
    let group: MultiThreadedEventLoopGroup
    let certificate: String

    private static let client = "lakegate-demo"

    static func start(port: Int, folder: DemoFolder) async throws -> Demo {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let certificates = try DemoCertificates()
        let authority = try certificates.writeCA(to: folder.path)
        let leaf = try certificates.leaf(for: ["localhost", "127.0.0.1"]).write(to: folder.path, name: "lakegate")
        let simulator = try await startSimulator(certificates, on: group)
        var logger = Logger(label: "lakegate") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let settings = settings(port: port, simulator: simulator, authority: authority, leaf: leaf)
        let running = try await Assembly(settings: settings, logger: logger).start()
        for host in ["localhost", "127.0.0.1"] {
            let callback = "https://\(host):\(running.edge.port)/.lakegate/callback"
            simulator.register(redirectURI: callback, for: client)
        }
        return Demo(
            simulator: simulator, running: running, folder: folder, logger: logger, group: group,
            certificate: authority)
    }

    private static func startSimulator(
        _ certificates: DemoCertificates, on group: MultiThreadedEventLoopGroup
    ) async throws -> Simulator {
        var options = SimulatorOptions(clients: [SimulatorClient(id: client)])
        options.certificates = certificates
        options.accessTokenLife = .seconds(600)
        options.onEvent = { event in print("      [workspace] \(event)") }
        return try await Simulator.start(options: options, eventLoopGroup: group)
    }

    private static func settings(
        port: Int, simulator: Simulator, authority: String, leaf: (certificate: String, privateKey: String)
    ) -> Settings {
        let workspace = WorkspaceSettings(
            name: "demo", hosts: ["localhost", "127.0.0.1"],
            upstream: Endpoint(host: "localhost", port: simulator.port), caPath: authority,
            oauth: OAuthSettings(
                clientID: client, clientSecretPath: nil, scopes: ["all-apis", "offline_access"],
                issuer: "\(simulator.url)/oidc", authorizeURL: "\(simulator.url)/oidc/v1/authorize",
                tokenURL: "\(simulator.url)/oidc/v1/token"),
            foreignBearer: .refuse)
        return Settings(
            listen: Endpoint(host: "127.0.0.1", port: port),
            tls: TLSSettings(certificatePath: leaf.certificate, privateKeyPath: leaf.privateKey),
            admin: AdminSettings(listen: Endpoint(host: "127.0.0.1", port: 0)), store: .memory,
            sealing: SealingSettings(keyringPath: nil), sessions: SessionSettings(lifetime: .seconds(86_400)),
            workspaces: [workspace], eventLoops: 1, accessLog: .off,
            // An open page keeps its connection; nobody waits for it here.
            drain: DrainSettings(patience: .seconds(1)))
    }

    private var url: String { "https://localhost:\(running.edge.port)" }

    func walk() async throws {
        print("A simulated workspace is at \(simulator.url), Lakegate at \(url).\n\nThe main job, step by step:")
        let client = try LoopbackClient(caPath: certificate, on: group)
        do {
            _ = try await DemoWalk(lakegate: url, client: client).run { print("  \($0)") }
        } catch {
            throw CommandFailure("The walk stopped: \(error)")
        }
        print("\nDone: one login, and every call went through as that person.")
    }

    func explain() {
        print(
            """

            Try it yourself. The certificate is self-signed by an authority made for this run: \(certificate)

              In a browser    \(url)/.lakegate/session   (accept the certificate; sign in as ada or grace)
              With an SDK     make a session token on that page, then
                                export REQUESTS_CA_BUNDLE=\(certificate)
                                export DATABRICKS_HOST=\(url) DATABRICKS_TOKEN=<session token>
                                python3 -c 'from databricks.sdk import WorkspaceClient as W; print(W().current_user.me().user_name)'
              Without a login curl --cacert \(certificate) \(url)/api/2.1/clusters/list
              Metrics         curl http://127.0.0.1:\(running.admin.port)/metrics

            Ctrl-C stops the demo and removes its files.
            """)
    }

    func stayUp() async throws {
        try await ServiceGroup(
            services: [running], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
        ).run()
        await simulator.stop()
        try await group.shutdownGracefully()
    }

    func end() async throws {
        try await running.stop()
        await simulator.stop()
        try await group.shutdownGracefully()
    }
}
