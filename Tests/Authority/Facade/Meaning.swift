import Basics
import Sessions

@testable import Authority

extension Site {
    /// What a bearer stands for, in words.
    func meaning(_ bearer: String, workspace: String = "prod") async throws -> String {
        switch try await facade.bearers.resolve(Secret(bearer), workspace: workspace).meaning {
        case .key(_, _, let kind): "key \(kind)"
        case .machine(let name): "machine \(name)"
        case .foreign: "foreign"
        case .refused: "refused"
        }
    }
}
