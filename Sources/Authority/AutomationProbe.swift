import Gate
import Sessions
import Settings

/// Asks whether the principals of programs get tokens.
public struct AutomationProbe: Sendable {
    private let workspaces: [WorkspaceSettings]
    private let keeper: any PrincipalKeeping

    /// `workspaces` in the order of the configuration.
    public init(_ workspaces: [WorkspaceSettings], keeper: any PrincipalKeeping) {
        self.workspaces = workspaces
        self.keeper = keeper
    }

    /// Long enough for a provider that works, and for a person who waits.
    private static let patience = Duration.seconds(3)

    /// Of each principal that programs can act as, in the order of the configuration.
    func standings(at workspace: String) async -> [PrincipalStanding] {
        guard let place = workspaces.firstIndex(where: { $0.name == workspace }) else { return [] }
        let names = workspaces[place].principalsForAutomation
        let ids = workspaces[place].servicePrincipals.enumerated().filter { names.contains($1.name) }
            .map { PrincipalID(workspace: place, index: $0.offset) }
        let asked = ids.map { id in Task { await keeper.readiness(of: id, within: Self.patience) } }
        var standings: [PrincipalStanding] = []
        for (name, answer) in zip(names, asked) { standings.append(PrincipalStanding(name, await answer.value)) }
        return standings
    }
}

/// What a program reads of one principal.
struct PrincipalStanding: Encodable {
    var name: String
    var ready: Bool
    /// As the access log calls it; `nil` for one that is ready.
    var reason: String?
    var message: String?
    /// Seconds, where that is known.
    var retryAfter: Int?

    init(_ name: String, _ readiness: PrincipalReadiness) {
        self.name = name
        ready = readiness == .ready
        switch readiness {
        case .ready: break
        case .refused:
            reason = Refusal.principalRefused.name
            message = "The provider refuses this service principal. The operator finds the reason in the log."
        case .failing(let pause):
            (reason, retryAfter) = (Self.unavailable, pause.map { Int(max(1, $0.components.seconds)) })
            message = "The provider gave this service principal no token just now."
        case .unanswered:
            (reason, message) = (Self.unavailable, "The provider was asked and has not answered yet.")
        }
    }

    private static let unavailable = Refusal.principalUnavailable(retryAfter: 1).name

    enum CodingKeys: String, CodingKey {
        case name, ready, reason, message
        case retryAfter = "retry_after"
    }
}
