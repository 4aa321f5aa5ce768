import Admin
import Basics
import Edge
import Gate
import Sessions
import Settings
import TLS

/// The two listeners.
extension Assembly {
    func listen(_ identity: ServerIdentity, _ services: EdgeServices) async throws(CommandFailure) -> EdgeServer {
        var options = EdgeOptions(
            host: settings.listen.host, port: settings.listen.port, workspaces: try edgeWorkspaces(),
            identity: identity)
        options.times = times
        options.sharesPort = mayShareSessions
        options.limits = limits
        options.residentMemory = residentMemory
        do {
            options.staleness = settings.sessions.staleness
            options.endNotice = settings.sessions.endNotice
            return try await EdgeServer.start(options, services, on: group)
        } catch {
            throw CommandFailure(ListenFailure.text("listen", settings.listen, error))
        }
    }

    func listenForAdmin(
        _ store: any RecordStore, _ identity: ServerIdentity, _ serving: ServingState, _ keeper: SessionKeeper
    ) async throws(CommandFailure) -> AdminServer {
        let site = AdminSite(
            metrics: metrics, checks: [serving.check, storeCheck(store), certificateCheck(identity)],
            sessions: sessionAPI(keeper))
        do {
            return try await AdminServer.start(
                host: settings.admin.listen.host, port: settings.admin.listen.port, site: site, on: group,
                sharesPort: mayShareSessions)
        } catch {
            throw CommandFailure(ListenFailure.text("admin.listen", settings.admin.listen, error))
        }
    }

    private func sessionAPI(_ keeper: SessionKeeper) -> SessionAPI {
        let (logger, path) = (logger, settings.admin.tokenPath)
        return SessionAPI(
            token: { AdminToken.read(path, logger) }, listenHost: settings.admin.listen.host,
            sessions: SessionAdministration(keeper: keeper, logger: logger))
    }

    /// Two processes on one port are one service only if what one knows is known to the other.
    private var mayShareSessions: Bool {
        if case .redis = settings.store { true } else { false }
    }

    private func edgeWorkspaces() throws(CommandFailure) -> [EdgeWorkspace] {
        var workspaces: [EdgeWorkspace] = []
        for (index, workspace) in settings.workspaces.enumerated() {
            workspaces.append(try edgeWorkspace(workspace, at: "workspaces[\(index)]"))
        }
        return workspaces
    }

    private func edgeWorkspace(
        _ workspace: WorkspaceSettings, at place: String
    ) throws(CommandFailure) -> EdgeWorkspace {
        let trust: TLSContext
        let trustWithHTTP2: TLSContext
        do throws(TLSError) {
            trust = try TLSContext.client(caPath: workspace.caPath, applicationProtocols: ["http/1.1"])
            trustWithHTTP2 = try TLSContext.client(caPath: workspace.caPath, applicationProtocols: ["h2", "http/1.1"])
        } catch {
            throw CommandFailure("\(place).caFile: \(error)")
        }
        var edge = EdgeWorkspace(
            name: workspace.name, hosts: workspace.hosts, upstreamHost: workspace.upstream.host,
            upstreamPort: workspace.upstream.port, upstreamTLS: trust, upstreamTLSWithHTTP2: trustWithHTTP2,
            foreignBearers: workspace.foreignBearer == .pass ? .pass : .refuse,
            egressProxy: workspace.egressProxy.map {
                EgressProxy(host: $0.endpoint.host, port: $0.endpoint.port, login: $0.login)
            })
        edge.realm = workspace.realm
        edge.exchangesTokens = workspace.exchangesTokens
        edge.take(identitiesOf: workspace)
        return edge
    }

    private func storeCheck(_ store: any RecordStore) -> ReadinessCheck {
        ReadinessCheck("store") {
            do throws(StoreError) {
                try await store.ping()
                return .ready
            } catch {
                return .notReady("does not answer: \(error)")
            }
        }
    }

    private func certificateCheck(_ identity: ServerIdentity) -> ReadinessCheck {
        let clock = clock
        return ReadinessCheck("certificate") {
            guard let summary = identity.current.certificateSummary else { return .notReady("not loaded") }
            return clock.now() < summary.notAfter ? .ready : .notReady("expired")
        }
    }
}
