/// Why a name has no address just now.
enum LookupFailure: Error, Equatable {
    case noSuchName
    /// No name server answered, or none could say.
    case noAnswer
    /// In the system's words.
    case other(String)
}

extension LookupFailure {
    /// Safe to log.
    func text(of host: String) -> String {
        switch self {
        case .noSuchName: "\(host) has no address"
        case .noAnswer: "DNS gives no answer for \(host)"
        case .other(let reason): "\(host) cannot be looked up: \(reason)"
        }
    }
}
