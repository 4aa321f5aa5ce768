import Basics
import Gate
import Sessions
import Settings

/// A machine client that proved who it is.
enum ProgramAsking {
    case program(MachineClientSettings)
    case refused(LocalFailure)
    /// It can't be found out for now.
    case unclear(SessionError)
}

extension Authority {
    /// The program behind a request that asks people for sessions.
    func programAsking(_ request: LocalRequest, at workspace: AuthorityWorkspace) async -> ProgramAsking {
        switch await machine(behind: request, at: workspace) {
        case .program(let program) where !program.mayAskForSessions: .refused(.mayNotAsk(program.name))
        case let other: other
        }
    }

    func machine(behind request: LocalRequest, at workspace: AuthorityWorkspace) async -> ProgramAsking {
        guard let bearer = request.bearer else {
            guard let name = request.certifiedClient else {
                return .refused(.programUnknown("Send the program's own credential, or show its certificate."))
            }
            return known(name, at: workspace)
        }
        do {
            switch try await facade.bearers.resolve(Secret(bearer), workspace: request.workspace).meaning {
            case .machine(let name): return known(name, at: workspace)
            case .refused(let reason): return .refused(.programUnknown("This credential is refused: \(reason)."))
            case .key: return .refused(.programUnknown("Send the program's own credential, not that of a person."))
            case .foreign: return .refused(.programUnknown("This credential is not known here."))
            }
        } catch { return .unclear(error) }
    }

    private func known(_ name: String, at workspace: AuthorityWorkspace) -> ProgramAsking {
        let program = workspace.settings.clients.first { $0.name == name }
        return program.map { .program($0) } ?? .refused(.programUnknown("This program is not known here."))
    }
}

extension LocalRequest {
    /// What follows `Bearer` in the one Authorization field.
    var bearer: String? {
        field("authorization").flatMap {
            $0.lowercased().hasPrefix("bearer ") ? String($0.dropFirst(7)).trimmed : nil
        }
    }
}
