import Settings

/// A program that people log in with, or that comes by itself.
enum FacadeClient: Sendable {
    /// On somebody's own machine; it has no secret.
    case native(String)
    case machine(MachineClientSettings)
    /// `lakegate login`, which wants a session token that it can leave in a file.
    case command

    var id: String {
        switch self {
        case .native(let id): id
        case .machine(let settings): settings.name
        case .command: Self.commandID
        }
    }

    init?(_ id: String, of workspace: WorkspaceSettings) {
        if let machine = workspace.clients.first(where: { $0.name.isSameText(id) }) {
            self = .machine(machine)
        } else if workspace.nativeClients.contains(where: { $0.isSameText(id) }) {
            self = .native(id)
        } else if id.isSameText(Self.commandID) {
            self = .command
        } else {
            return nil
        }
    }

    static let commandID = "lakegate-login"

    /// Whether people may be sent there (RFC 6749, section 3.1.2.3; RFC 8252, section 7.3).
    func mayReturn(to redirectURI: String) -> Bool {
        switch self {
        case .native: LoopbackRedirect.isOne(redirectURI)
        case .command: false
        case .machine(let settings): settings.redirectURIs.contains { $0.isSameText(redirectURI) }
        }
    }
}

extension String {
    /// Compares bytes: `==` takes different spellings of an accent for the same.
    func isSameText(_ other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}
