import Yams

/// One mapping of the file, by key, with where it stands. A section that is not in the file has no keys.
struct Section {
    /// Such as `workspaces[0].oauth`; empty at the top.
    let path: String
    /// Where it begins; `nil` at the top and for one that is not there, as a line would mislead.
    let line: Int?
    let values: [String: Node]

    /// The path of a key in this section.
    func path(of key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    /// The path as ``Knob/key`` has it, with `[]` for the index of a list entry.
    var pattern: String {
        path.replacing(#/\[\d+\]/#, with: "[]")
    }

    /// The keys that may stand here, in the order of the reference.
    var knownKeys: [String] {
        let prefix = pattern.isEmpty ? "" : pattern + "."
        var keys: [String] = []
        for key in Knob.all.compactMap(\.key) where key.hasPrefix(prefix) {
            let name = String(key.dropFirst(prefix.count).prefix { $0 != "." && $0 != "[" })
            if !keys.contains(name) { keys.append(name) }
        }
        return keys
    }

    func place(of key: String) -> SettingsMistake.Place {
        SettingsMistake.Place(key: path(of: key), line: values[key]?.mark?.line ?? line)
    }
}

extension Node {
    /// What the node is, for a message that must not repeat its content.
    var kind: String {
        switch self {
        case .scalar: "a single value"
        case .mapping: "a mapping (`key: value`)"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// Whether a key has nothing behind it: empty, `~` or `null`, unquoted (YAML 1.2, section 10.2.1.1).
    var isNull: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}
