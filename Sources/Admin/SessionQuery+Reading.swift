import FoundationEssentials
import OAuth

/// What is wrong with what an administrator asked, as text for them.
struct QueryFault: Error, Equatable {
    let text: String
}

extension SessionQuery {
    /// From the query of a URL or the body of a form.
    static func read(form text: some Collection<UInt8>) throws(QueryFault) -> SessionQuery {
        guard let fields = FormCoding.decode(text) else { throw QueryFault(text: "This is no form that can be read.") }
        return try read(fields.map { ($0.name, $0.value) })
    }

    /// From a JSON object of strings.
    static func read(json bytes: [UInt8]) throws(QueryFault) -> SessionQuery {
        guard let object = try? JSONDecoder().decode([String: String].self, from: Data(bytes)) else {
            throw QueryFault(text: "This is no JSON object of strings.")
        }
        return try read(object.map { ($0.key, $0.value) })
    }

    /// Whoever misspells a name, or leaves a value empty, must not end more than was meant.
    private static func read(_ pairs: [(name: String, value: String)]) throws(QueryFault) -> SessionQuery {
        var known: [String: String] = [:]
        for (name, value) in pairs {
            guard names.contains(name) else {
                throw QueryFault(text: "There are \(names.joined(separator: ", ")) to say, and nothing else.")
            }
            guard !value.isEmpty else { throw QueryFault(text: "The \(name) is empty.") }
            guard known.updateValue(value, forKey: name) == nil else {
                throw QueryFault(text: "The \(name) is there twice.")
            }
        }
        guard known["session"] == nil || known.count == 1 else {
            throw QueryFault(text: "A session is named by its id alone.")
        }
        return SessionQuery(session: known["session"], user: known["user"], workspace: known["workspace"])
    }

    private static let names = ["session", "user", "workspace"]
}
