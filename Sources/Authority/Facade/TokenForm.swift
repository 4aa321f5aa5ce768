import Gate
import OAuth

/// The fields of a request to the token endpoint, each of them there once (RFC 6749, section 3.2).
struct TokenForm: Sendable {
    private let fields: [String: String]

    init(_ request: LocalRequest) throws(OAuthFault) {
        guard request.isForm else { throw .request("The body must be application/x-www-form-urlencoded.") }
        guard let fields = FormCoding.decode(request.body) else { throw .request("The form could not be read.") }
        guard request.query.isEmpty else { throw .request("The request must have no query.") }
        self.fields = Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first }
        guard self.fields.count == fields.count else { throw .request("A parameter occurs more than once.") }
    }

    /// `nil` for one that is absent or empty, which is the same (RFC 6749, section 3.2).
    subscript(_ name: String) -> String? {
        fields[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    func needed(_ name: String) throws(OAuthFault) -> String {
        guard let value = self[name] else { throw .request("The parameter \(name) is missing.") }
        return value
    }
}
