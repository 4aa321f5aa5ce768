/// A browser's cookies, by origin; paths and lifetimes are beyond a walk that takes a second.
struct CookieJar: Sendable {
    private var cookies: [String: [(name: String, value: String)]] = [:]

    mutating func keep(from answer: WalkAnswer, at address: WebAddress) {
        for field in answer.fields where field.name.lowercased() == "set-cookie" {
            set(field.value, origin: address.origin)
        }
    }

    private mutating func set(_ line: String, origin: String) {
        let parts = line.split(separator: ";").map { $0.drop { $0 == " " } }
        guard let pair = parts.first, let equals = pair.firstIndex(of: "=") else { return }
        let name = String(pair[..<equals])
        let value = String(pair[pair.index(after: equals)...])
        cookies[origin, default: []].removeAll { $0.name == name }
        let isDeletion = value.isEmpty || parts.dropFirst().contains { $0.lowercased() == "max-age=0" }
        if !isDeletion { cookies[origin, default: []].append((name: name, value: value)) }
    }

    func field(for address: WebAddress) -> String? {
        let kept = cookies[address.origin] ?? []
        return kept.isEmpty ? nil : kept.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
    }

    func value(of name: String, at address: WebAddress) -> String? {
        cookies[address.origin]?.first { $0.name == name }?.value
    }
}
