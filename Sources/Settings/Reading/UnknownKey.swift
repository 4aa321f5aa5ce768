/// Says what an operator may have meant by a key that nothing reads.
enum UnknownKey {
    static func mistake(_ key: String, in section: Section, line: Int?) -> SettingsMistake {
        let place = SettingsMistake.Place(key: section.path(of: shown(key)), line: line)
        if let later = later(key, in: section) {
            return SettingsMistake(place, later, remedy: "remove the key for now")
        }
        return SettingsMistake(place, "is not a key of Lakegate", remedy: remedy(key, in: section))
    }

    private static func later(_ key: String, in section: Section) -> String? {
        guard section.pattern == "workspaces[]" else { return nil }
        switch key {
        case "servicePrincipals": return "belongs to a later version: this one logs in people, no service principals"
        case "identities": return "belongs to a later version: in this one every request acts as the person logged in"
        default: return nil
        }
    }

    private static func remedy(_ key: String, in section: Section) -> String {
        if let near = NearestKey.to(key, among: section.knownKeys) {
            return "did you mean `\(near)`?"
        }
        if let parent = home(of: key) {
            return "`\(key)` belongs under `\(parent)`"
        }
        return "remove it; the keys here are \(section.knownKeys.joined(separator: ", "))"
    }

    /// The section of the only knob with this name.
    private static func home(of key: String) -> String? {
        let keys = Knob.all.filter { $0.name == key }.compactMap(\.key)
        guard keys.count == 1, let path = keys.first, let dot = path.lastIndex(of: ".") else { return nil }
        return String(path[..<dot])
    }

    /// A key as it can be printed: short, on one line.
    static func shown(_ key: String) -> String {
        let plain = key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.() ".contains($0)) }
        return plain && key.count <= 64 ? key : String(key.prefix(64)).quoted
    }
}
