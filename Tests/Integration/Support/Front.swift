import Basics
import Edge
import Foundation
import Logging
import Metrics
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Sessions
import Settings
import Simulator
import TLS

@testable import lakegate

/// A whole Lakegate in this process, in front of a simulated workspace and of one by script.
///
/// Host names: `sim.test` is the simulator, `pass.test` the same with foreign bearers let through, `script.test` the
/// scripted one, `ruled.test` that one again with rules about who acts as whom, if there are some.
final class Front: Sendable {
    struct Options: Sendable {
        var store = StoreSettings.memory
        var times = EdgeTimes()
        var limits = EdgeLimits()
        /// Bytes of memory that the process is said to have taken.
        var residentMemory: @Sendable () -> Int = { 0 }
        var eventLoops = 2
        /// Instead of the scripted workspace's own.
        var scriptPort: Int?
        var scriptIsTrusted = true
        /// Instead of an authority of its own.
        var certificates: DemoCertificates?
        /// How long ahead answers tell the end of their session.
        var endNotice = Duration.zero
        /// Port of a proxy through which the scripted workspace is reached.
        var scriptProxyPort: Int?
        /// Adds a workspace `ruled.test`, which is the scripted one again.
        var ruled: Ruled?
    }

    static let client = "lakegate-test"
    let simulator: Simulator
    let script: ScriptedWorkspace
    let running: RunningLakegate
    let metrics: MetricsRegistry
    let log: CollectedLog
    let folder: String
    let trust: TLSContext
    /// The same, for a client that speaks HTTP/2.
    let trustWithHTTP2: TLSContext
    /// The same, for a program that shows the certificate of ``Ruled/certificateName``.
    let trustWithCertificate: TLSContext
    let lines = NIOLockedValueBox<[Line]>([])

    var port: Int { running.edge.port }
    var keeper: SessionKeeper { running.keeper }
    var accessLogPath: String { folder + "/access.log" }

    /// What SIGTERM begins with.
    func drain(within patience: Duration) async {
        await running.edge.stop(within: patience)
    }

    /// Starts everything, runs the body and ends everything.
    static func use(_ options: Options = Options(), _ body: (Front) async throws -> Void) async throws {
        let front = try await Front(options)
        do {
            try await body(front)
        } catch {
            try? await front.end()
            throw error
        }
        try await front.end()
    }

    private init(_ options: Options) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "lakegate-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let certificates = try options.certificates ?? DemoCertificates()
        let ca = try certificates.writeCA(to: folder)
        let names = ["localhost", "127.0.0.1", "sim.test", "pass.test", "script.test"]
        let leaf = try certificates.leaf(for: names).write(to: folder, name: "server")
        let stranger = try DemoCertificates().leaf(for: names).write(to: folder, name: "stranger")
        trust = try TLSContext.client(caPath: ca, applicationProtocols: ["http/1.1"])
        trustWithHTTP2 = try TLSContext.client(caPath: ca, applicationProtocols: ["h2"])
        let machine = try certificates.leaf(for: [Ruled.certificateName]).write(to: folder, name: "machine")
        trustWithCertificate = try TLSContext.client(
            caPath: ca, applicationProtocols: ["http/1.1"],
            certificate: CertificateFiles(chainPath: machine.certificate, privateKeyPath: machine.privateKey))
        var simulated = SimulatorOptions(clients: [SimulatorClient(id: Front.client)])
        simulated.certificates = certificates
        simulator = try await Simulator.start(options: simulated, eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
        let shown = options.scriptIsTrusted ? leaf : stranger
        script = try await ScriptedWorkspace(
            try TLSContext.server(
                certificateChainPath: shown.certificate, privateKeyPath: shown.privateKey,
                applicationProtocols: ["http/1.1"]))
        log = CollectedLog()
        let settings = Front.settings(
            options, ca: ca, leaf: leaf, simulator: simulator, script: options.scriptPort ?? script.port, in: folder)
        var assembly = Assembly(settings: settings, logger: log.logger)
        assembly.times = options.times
        assembly.limits = options.limits
        assembly.residentMemory = options.residentMemory
        if let ruled = options.ruled { assembly.replaceServices = { ruled.replace(&$0) } }
        metrics = assembly.metrics
        running = try await assembly.start()
    }

    private static func settings(
        _ options: Options, ca: String, leaf: (certificate: String, privateKey: String), simulator: Simulator,
        script: Int, in folder: String
    ) -> Settings {
        let rows: [(String, Int, ForeignBearer)] = [
            ("sim", simulator.port, .refuse), ("pass", simulator.port, .pass), ("script", script, .refuse),
        ]
        let ruled: [(String, Int, ForeignBearer)] = options.ruled.map { [("ruled", script, $0.foreignBearers)] } ?? []
        let workspaces = (rows + ruled).map { name, port, rule in
            var workspace = WorkspaceSettings(
                name: name, hosts: ["\(name).test"], upstream: Endpoint(host: "localhost", port: port), caPath: ca,
                oauth: OAuthSettings(
                    clientID: client, clientSecretPath: nil, scopes: ["all-apis", "offline_access"],
                    issuer: "\(simulator.url)/oidc", authorizeURL: "\(simulator.url)/oidc/v1/authorize",
                    tokenURL: "\(simulator.url)/oidc/v1/token"), foreignBearer: rule,
                egressProxy: name == "script"
                    ? options.scriptProxyPort.map {
                        EgressProxySettings(
                            endpoint: Endpoint(host: "localhost", port: $0), login: Secret("me:secret"))
                    } : nil)
            if name == "ruled" { options.ruled?.equip(&workspace) }
            return workspace
        }
        return Settings(
            listen: Endpoint(host: "127.0.0.1", port: 0),
            tls: TLSSettings(
                certificatePath: leaf.certificate, privateKeyPath: leaf.privateKey,
                clientAuthorityPath: options.ruled == nil ? nil : ca),
            admin: AdminSettings(listen: Endpoint(host: "127.0.0.1", port: 0)), store: options.store,
            sealing: SealingSettings(keyringPath: nil),
            sessions: SessionSettings(lifetime: .seconds(86_400), endNotice: options.endNotice),
            workspaces: workspaces, eventLoops: options.eventLoops,
            accessLog: .file(path: folder + "/access.log"))
    }

    /// Clients leave first: what they wait for would be waited for.
    private func end() async throws {
        lines.withLockedValue { $0 }.forEach { $0.cut() }
        try await running.stop()
        try? await script.stop()
        await simulator.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
