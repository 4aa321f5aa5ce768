import Basics
import Edge
import Foundation
import NIOConcurrencyHelpers
import Sessions
import Settings

/// Who may act as whom at `ruled.test`, with what tells about bearers and principals in a test's hands.
struct Ruled: Sendable {
    static let certificateName = "deployer.example"
    let bearers = ScriptedBearers()
    let principals = ScriptedPrincipals()
    var foreignBearers = ForeignBearer.refuse
    var rules: [IdentityRuleSettings]
    /// Whether people need tokens of the workspace itself: `person-1`, `person-2`, …
    var exchangesTokens = false
    /// The account whose logins open it, in place of its own.
    var account: String?

    /// Clients are `scheduler`, and `deployer`, which shows a certificate; principals `nightly` and `admin`.
    init(_ rules: [(IdentityRuleSettings.Match, IdentityRuleSettings.ActAs)]) {
        self.rules = rules.map { IdentityRuleSettings(match: $0, actAs: $1) }
    }

    func equip(_ workspace: inout WorkspaceSettings) {
        workspace.servicePrincipals = ["nightly", "admin"].map {
            ServicePrincipalSettings(
                name: $0, clientID: $0, clientSecretPath: "", scopes: ["all-apis"], tokenURL: "https://localhost:1/")
        }
        workspace.clients = [
            MachineClientSettings(name: "scheduler", keyPath: ""),
            MachineClientSettings(name: "deployer", certificateName: Ruled.certificateName, mayAskForSessions: true),
        ]
        workspace.identities = rules
        guard exchangesTokens || account != nil else { return }
        workspace.account = AccountSettings(name: account ?? workspace.name, oauth: workspace.oauth)
        workspace.account?.exchangesTokens = exchangesTokens
    }

    func replace(_ services: inout EdgeServices) {
        services.bearers = bearers
        services.principals = principals
    }

    /// One loop, so that what it remembers can be counted.
    var options: Front.Options {
        var options = Front.Options()
        options.eventLoops = 1
        options.ruled = self
        return options
    }

    static func now() -> Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}

/// Bearers mean what a test says, in the workspace `ruled` alone.
final class ScriptedBearers: BearerResolving {
    private struct State {
        var meanings: [String: Result<ResolvedBearer.Meaning, SessionError>] = [:]
        var life = Duration.seconds(600)
        var calls = 0
    }

    private let box = NIOLockedValueBox(State())

    var calls: Int { box.withLockedValue { $0.calls } }

    func set(_ bearer: String, _ meaning: Result<ResolvedBearer.Meaning, SessionError>) {
        box.withLockedValue { $0.meanings[bearer] = meaning }
    }

    /// How long an answer may be remembered.
    func setLife(_ life: Duration) { box.withLockedValue { $0.life = life } }

    func resolve(_ bearer: Secret<String>, workspace: String) async throws(SessionError) -> ResolvedBearer {
        let (meaning, life) = box.withLockedValue { state in
            state.calls += 1
            return (workspace == "ruled" ? state.meanings[bearer.reveal()] : nil, state.life)
        }
        return ResolvedBearer(try (meaning ?? .success(.foreign)).get(), until: Ruled.now() + life)
    }
}

/// Tokens are `nightly-1`, `nightly-2`, … unless a test wants a failure.
final class ScriptedPrincipals: PrincipalKeeping {
    private struct State {
        var failure: PrincipalFailure?
        var life = Duration.seconds(3600)
        var azure = false
        var delay = Duration.zero
        var asked: [UInt64] = []
        var generation: UInt64 = 0
    }

    private let box = NIOLockedValueBox(State())

    /// After which generation each asked.
    var asked: [UInt64] { box.withLockedValue { $0.asked } }

    func fail(_ failure: PrincipalFailure?) { box.withLockedValue { $0.failure = failure } }
    func setLife(_ life: Duration) { box.withLockedValue { $0.life = life } }
    func delay(_ delay: Duration) { box.withLockedValue { $0.delay = delay } }
    func beAzure() { box.withLockedValue { $0.azure = true } }

    func obtain(_ id: PrincipalID, after generation: UInt64) async throws(PrincipalFailure) -> PrincipalToken {
        try? await Task.sleep(for: box.withLockedValue { $0.delay })
        let result: Result<PrincipalToken, PrincipalFailure> = box.withLockedValue { state in
            state.asked.append(generation)
            if let failure = state.failure { return .failure(failure) }
            state.generation += 1
            let name =
                switch id.holder {
                case .service(let index): ["nightly", "admin"][index]
                case .person: "person"
                }
            var token = PrincipalToken(
                accessToken: Secret("\(name)-\(state.generation)"),
                azure: state.azure ? (Secret("azure-\(state.generation)"), "/subscriptions/s") : nil,
                obtainedAt: Ruled.now(), expiresAt: Ruled.now() + state.life)
            token.generation = state.generation
            return .success(token)
        }
        return try result.get()
    }

    func readiness(of id: PrincipalID, within patience: Duration) async -> PrincipalReadiness { .unanswered }
}
