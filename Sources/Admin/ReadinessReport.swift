import FoundationEssentials

/// The body of `/readyz`.
struct ReadinessReport: Encodable {
    let ready: Bool
    private let checks: [Check]

    private struct Check: Encodable {
        let name: String
        let ready: Bool
        let reason: String?
    }

    init(_ states: [(String, ReadinessState)]) {
        checks = states.map { name, state in
            switch state {
            case .ready: Check(name: name, ready: true, reason: nil)
            case .notReady(let reason): Check(name: name, ready: false, reason: reason)
            }
        }
        ready = checks.allSatisfy(\.ready)
    }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and flags always encode; the fallback keeps the status line right if that ever changes.
        guard let bytes = try? encoder.encode(self) else { return "{\"ready\":\(ready)}\n" }
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }
}
