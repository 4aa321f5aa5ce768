/// Says what an operator may have meant by a key that nothing reads.
enum UnknownKey {
    static func mistake(_ key: String, in section: Section, line: Int?) -> SettingsMistake {
        let place = SettingsMistake.Place(key: section.path(of: shown(key)), line: line)
        return SettingsMistake(place, "is not a key of Lakegate", remedy: remedy(key, in: section))
    }

    private static func remedy(_ key: String, in section: Section) -> String {
        if let near = NearestKey.to(key, among: section.knownKeys) {
            return "did you mean `\(near)`?"
        }
        if let parent = home(of: key) {
            return "`\(key)` belongs under \(parent)"
        }
        return "remove it; the keys here are \(section.knownKeys.joined(separator: ", "))"
    }

    /// The sections of the knobs with this name.
    private static func home(of key: String) -> String? {
        let parents = Knob.all.filter { $0.name == key }.compactMap { knob -> String? in
            knob.key.flatMap { path in path.lastIndex(of: ".").map { "`\(path[..<$0])`" } }
        }
        return parents.isEmpty ? nil : parents.joined(separator: " or ")
    }

    /// A key as it can be printed: short, on one line.
    static func shown(_ key: String) -> String {
        let plain = key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.() ".contains($0)) }
        return plain && key.count <= 64 ? key : String(key.prefix(64)).quoted
    }
}
