import Foundation

/// The address of a Lakegate, or of a workspace.
struct HTTPSHost: Sendable {
    /// Without a slash at its end.
    let url: String
    private let name: String

    /// `nil` unless it is https, a name, and at most a port.
    init?(_ text: String) {
        let text = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let parts = URLComponents(string: text), parts.scheme == "https", let name = parts.host, !name.isEmpty,
            parts.path.isEmpty, parts.query == nil, parts.fragment == nil, parts.user == nil, parts.password == nil
        else { return nil }
        (url, self.name) = (text, name)
    }

    /// What a profile or a workspace at it may be called.
    var profileName: String {
        let word = name.split(separator: ".").first.map { String($0) } ?? ""
        return Int(word) == nil && DatabricksProfile.isName(word) ? word : "lakegate"
    }
}
