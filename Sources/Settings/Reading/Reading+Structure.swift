import Yams

extension Reading {
    /// The section behind a key; one without keys if the file does not have it or has something else there.
    mutating func section(_ key: String, in parent: Section) -> Section {
        let place = parent.place(of: key)
        guard let node = parent.values[key] else { return Section(path: place.key, line: nil, values: [:]) }
        guard case .mapping = node else {
            reportNotMapping(node, at: place)
            return Section(path: place.key, line: place.line, values: [:])
        }
        return section(node, path: place.key)
    }

    /// The sections in a list, in their order.
    mutating func sections(_ knob: Knob, in parent: Section) -> [Section] {
        let place = parent.place(of: knob.name)
        guard case .sequence(let entries)? = parent.values[knob.name], !entries.isEmpty else {
            reportNoEntries(knob, at: place, parent.values[knob.name])
            return []
        }
        return entries.enumerated().compactMap { index, entry in
            let path = "\(place.key)[\(index)]"
            guard case .mapping = entry else {
                reportNotMapping(entry, at: SettingsMistake.Place(key: path, line: entry.mark?.line))
                return nil
            }
            return section(entry, path: path)
        }
    }

    /// None if the file does not have the key.
    mutating func optionalSections(_ knob: Knob, in parent: Section) -> [Section] {
        parent.values[knob.name] == nil ? [] : sections(knob, in: parent)
    }

    /// A mapping as a section; keys that nothing reads are mistakes.
    mutating func section(_ node: Node, path: String) -> Section {
        var values: [String: Node] = [:]
        var foreign: [(String, Int?)] = []
        for (key, value) in node.mapping.map(Array.init) ?? [] {
            let name = key.string ?? "(\(key.kind) as key)"
            values[name] = value
            foreign.append((name, key.mark?.line))
        }
        let section = Section(path: path, line: path.isEmpty ? nil : node.mark?.line, values: values)
        for (name, line) in foreign where !section.knownKeys.contains(name) {
            report(UnknownKey.mistake(name, in: section, line: line))
        }
        return section
    }

    private mutating func reportNotMapping(_ node: Node, at place: SettingsMistake.Place) {
        let problem = node.isNull ? "has no keys under it" : "is \(node.kind), not a mapping"
        report(
            SettingsMistake(
                place, problem, expected: "indented `key: value` lines",
                remedy: "see the table of keys in the README, or remove it"))
    }

    private mutating func reportNoEntries(_ knob: Knob, at place: SettingsMistake.Place, _ node: Node?) {
        guard let node else { return report(mistake(knob, at: place, "is missing")) }
        let problem =
            node.isNull || node.sequence != nil ? "has no entries" : "is \(node.kind), not a list"
        report(mistake(knob, at: place, problem))
    }
}
