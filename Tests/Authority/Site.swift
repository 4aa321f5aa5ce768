import Basics
import Foundation
import Gate
import Logging
import OAuth
import Sessions
import Settings
import Synchronization

@testable import Authority

/// An authority of two workspaces with everything around it faked, and the browsers that visit it.
final class Site: Sendable {
    static let start: Int64 = 1_800_000_000_000
    let keeper: FakeKeeper
    let flows = FakeFlows()
    let provider = FakeProvider()
    let handoffs = FakeHandoffs()
    let principals = FakePrincipals()
    let authority: Authority
    /// Another process with the same store.
    let replica: Authority
    let handles: HandleBearers
    let facade: FacadeParts
    let folder: ClientFolder

    init() {
        let cell = Cell()
        let clock = WallClock { cell.time.withLock { Timestamp(milliseconds: $0) } }
        self.cell = cell
        keeper = FakeKeeper(clock: clock)
        let outside = AuthorityOutside(clock: clock, random: .system, sha256: mixed, read: FakeKeeper.read) {
            duration in
            cell.time.withLock { $0 += duration.milliseconds }
            if let act = cell.meanwhile.withLock({ $0 }) { await act() }
        }
        let (keeper, flows, handoffs, provider, folder) = (keeper, flows, handoffs, provider, ClientFolder())
        let logger = Logger(label: "test", factory: { _ in Lines(cell: cell) })
        let settings = ["prod", "dev"].map { Self.settings($0, folder) }
        let handles = HandleBearers(store: handoffs, keeper: keeper, outside: outside)
        let facade = FacadeParts(
            settings, keyring: KeyringBox(.ephemeral(random: .system)), keeper: keeper, handles: handles, clock: clock,
            logger: logger)
        let probe = AutomationProbe(settings, keeper: principals)
        let make = {
            Authority(
                workspaces: settings.map { AuthorityWorkspace($0, provider: provider) }, keeper: keeper, flows: flows,
                handoffs: handoffs, facade: facade, probe: probe, lifetime: .seconds(30 * 86400),
                endNotice: .seconds(86400),
                outside: outside, logger: logger,
                loginEnded: { _, outcome in cell.outcomes.withLock { $0.append(outcome) } })
        }
        (authority, replica) = (make(), make())
        (self.handles, self.folder, self.facade) = (handles, folder, facade)
    }

    final class Cell: Sendable {
        let time = Mutex(Site.start)
        let lines = Mutex<[String]>([])
        let outcomes = Mutex<[LoginEnding]>([])
        /// What happens in each sleep.
        let meanwhile = Mutex<(@Sendable () async -> Void)?>(nil)
    }

    func meanwhile(_ act: @escaping @Sendable () async -> Void) {
        cell.meanwhile.withLock { $0 = act }
    }

    var now: Timestamp { Timestamp(milliseconds: cell.time.withLock { $0 }) }
    var lines: [String] { cell.lines.withLock { $0 } }
    var outcomes: [LoginEnding] { cell.outcomes.withLock { $0 } }
    private let cell: Cell

    func pass(_ duration: Duration) {
        cell.time.withLock { $0 += duration.milliseconds }
    }

    private static func settings(_ name: String, _ folder: ClientFolder) -> WorkspaceSettings {
        let oauth = OAuthSettings(
            clientID: "app", clientSecretPath: nil, scopes: ["all-apis", "offline_access"],
            issuer: "https://\(name).db.example/oidc", authorizeURL: "https://\(name).db.example/oidc/v1/authorize",
            tokenURL: "https://\(name).db.example/oidc/v1/token")
        var settings = WorkspaceSettings(
            name: name, hosts: ["\(name).gate.example"], upstream: Endpoint(host: "\(name).db.example", port: 443),
            caPath: nil, oauth: oauth, foreignBearer: .refuse)
        settings.facts = WorkspaceFacts(workspaceID: "1234", accountID: "acc-1", cloud: .azure)
        settings.nativeClients = ["databricks-cli", "dbt-databricks"]
        // The clients of one workspace are strangers to the other.
        settings.clients = name == "prod" ? folder.clients : folder.otherClients
        guard name == "prod" else { return settings }
        settings.servicePrincipals = ["nightly", "unused"].map {
            ServicePrincipalSettings(name: $0, clientID: $0, clientSecretPath: "s", scopes: [], tokenURL: "https://t")
        }
        settings.identities = [IdentityRuleSettings(match: .init(clients: ["scheduler"]), actAs: .principal("nightly"))]
        return settings
    }
}

/// Keeps what is logged.
private struct Lines: LogHandler {
    let cell: Site.Cell
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        cell.lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }
}

/// A browser: keeps cookies, and follows nothing by itself.
final class Browser {
    let site: Site
    let workspace: String
    /// The account whose logins open the workspace, if that is not its own affair.
    let account: String?
    var host: String
    /// The network that it comes from.
    var client = ""
    var cookies: [String: String] = [:]
    /// A whole Cookie field that goes along, where there are no cookies.
    var planted = ""

    init(_ site: Site, workspace: String = "prod", account: String? = nil) {
        self.site = site
        self.workspace = workspace
        self.account = account
        host = "\(workspace).gate.example"
    }

    func get(_ target: String, _ more: [(name: String, value: String)] = []) async -> LocalResponse {
        await send("GET", target, [(name: "accept", value: "text/html")] + more, body: "")
    }

    /// As a form of our own page would.
    func post(_ target: String, _ fields: [FormCoding.Field], from site: String = "same-origin") async -> LocalResponse
    {
        await send(
            "POST", target,
            [
                (name: "accept", value: "text/html"), (name: "sec-fetch-site", value: site),
                (name: "content-type", value: "application/x-www-form-urlencoded"),
            ], body: FormCoding.encode(fields))
    }

    func send(
        _ method: String, _ target: String, _ fields: [(name: String, value: String)], body: String
    ) async -> LocalResponse {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let jar = cookies.isEmpty ? planted : cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
        var request = LocalRequest(
            method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "", authority: host,
            workspace: workspace, fields: fields + (jar.isEmpty ? [] : [(name: "cookie", value: jar)]),
            body: Array(body.utf8), requestID: "req-1")
        request.realm = account ?? workspace
        request.client = client
        let response = await site.authority.respond(to: request)
        keep(response.all("Set-Cookie"))
        return response
    }

    private func keep(_ set: [String]) {
        for cookie in set {
            let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            cookies[String(pair[0])] = cookie.contains("Max-Age=0") ? nil : String(pair[1])
        }
    }

    /// Begins a login; what the provider was given.
    func start(_ path: String = "/") async -> [FormCoding.Field] {
        let answer = await get("/.lakegate/login/start?return_to=\(PercentCoding.encode(path))")
        return FormCoding.decode(String(answer.one("Location").drop { $0 != "?" }.dropFirst())) ?? []
    }

    func finish(_ asked: [FormCoding.Field], code: String = "code-1") async -> LocalResponse {
        await get("/.lakegate/callback?code=\(code)&state=\(asked.only("state") ?? "")")
    }

    func login(_ path: String = "/") async -> LocalResponse {
        await finish(await start(path))
    }

    var formToken: String {
        get async {
            let page = await get("/.lakegate/session").text
            return String(
                page.components(separatedBy: "name=\"form_token\" value=\"").last?.prefix { $0 != "\"" } ?? "")
        }
    }
}

extension LocalResponse {
    var text: String { String(decoding: body, as: UTF8.self) }

    func all(_ name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }

    func one(_ name: String) -> String {
        all(name).count == 1 ? all(name)[0] : ""
    }
}
