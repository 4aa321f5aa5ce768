import Foundation
import Testing

@testable import Authority

/// schemathesis tries what Tests/EndToEnd/schema/openapi.yaml describes, and nothing else.
@Suite struct DescriptionTests {
    @Test("every address of ours is described")
    func everyAddress() throws {
        let file = URL(filePath: #filePath).appending(path: "../../EndToEnd/schema/openapi.yaml").standardized
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let described = lines.filter { $0.hasPrefix("  /") }.map { String($0.dropFirst(2).prefix { $0 != ":" }) }
        let served = Route.allCases.map { $0.path == Route.handoffPrefix ? "\($0.path){id}" : $0.path }
        #expect(Set(described) == Set(served + FacadeRoute.allCases.flatMap(\.paths)))
        #expect(Set(described).count == described.count)
    }
}
