import Yams

/// Goes through one configuration and keeps count of what is wrong with it.
///
/// Every function returns `nil` where it recorded a mistake, and also for what may be absent and is.
struct Reading {
    let environment: [String: String]
    /// Where relative paths start.
    let folder: String
    private(set) var mistakes: [SettingsMistake] = []
    var files: [SettingsMistakes.NamedFile] = []
    /// Whether `tls` names an authority of client certificates.
    var asksForCertificates = false

    init(environment: [String: String], folder: String) {
        // An empty variable is what `${NAME:-}` leaves behind in compose files: not set.
        self.environment = environment.filter { !$0.value.isEmpty }
        self.folder = folder
    }

    mutating func report(_ mistake: SettingsMistake) {
        mistakes.append(mistake)
    }

    /// Reads a single value from the environment, the file, or the knob's standard.
    mutating func value<Value>(
        _ knob: Knob, in section: Section, _ understand: (String) throws(Complaint) -> Value
    ) -> Value? {
        guard let (text, place) = text(knob, in: section) else { return nil }
        return understood(text, knob, at: place, understand)
    }

    /// Reads a list of single values. Its standard is written as in the file: `[a, b]`.
    mutating func list<Value>(
        _ knob: Knob, in section: Section, _ understand: (String) throws(Complaint) -> Value
    ) -> [(value: Value, place: SettingsMistake.Place)]? {
        guard let node = present(knob, in: section) else { return nil }
        guard case .sequence(let entries) = node, !entries.isEmpty else {
            let problem = node.sequence == nil ? "is \(node.kind), not a list" : "is an empty list"
            report(mistake(knob, at: section.place(of: knob.name), problem))
            return nil
        }
        let before = mistakes.count
        let values = entries.enumerated().compactMap { index, entry -> (Value, SettingsMistake.Place)? in
            let place = SettingsMistake.Place(
                key: section.path(of: knob.name) + "[\(index)]", line: entry.mark?.line ?? section.line)
            guard let text = single(entry, knob, at: place) else { return nil }
            return understood(text, knob, at: place, understand).map { ($0, place) }
        }
        return mistakes.count == before ? values : nil
    }

    /// Reads a single value or a list; none if the file has none.
    mutating func several<Value>(
        _ knob: Knob, in section: Section, _ understand: (String) throws(Complaint) -> Value
    ) -> [(value: Value, place: SettingsMistake.Place)] {
        guard case .scalar? = section.values[knob.name] else { return list(knob, in: section, understand) ?? [] }
        return value(knob, in: section, understand).map { [($0, section.place(of: knob.name))] } ?? []
    }

    /// Understands one text, or records why that is not possible.
    mutating func understood<Value>(
        _ text: String, _ knob: Knob, at place: SettingsMistake.Place,
        _ understand: (String) throws(Complaint) -> Value
    ) -> Value? {
        do {
            return try understand(text)
        } catch {
            var mistake = mistake(knob, at: place, error.problem)
            mistake.found = Echo.of(text, knob: knob, complaint: error)
            if let remedy = error.remedy { mistake.remedy = remedy }
            report(mistake)
            return nil
        }
    }

    /// A mistake with the shape and an example of the knob.
    func mistake(_ knob: Knob, at place: SettingsMistake.Place, _ problem: String) -> SettingsMistake {
        let isVariable = place.key == knob.environment
        let example = isVariable ? "\(place.key)=\(knob.example)" : "\(knob.name): \(knob.example)"
        return SettingsMistake(place, problem, expected: knob.shape, remedy: "write for example `\(example)`")
    }
}

extension Reading {
    private mutating func text(_ knob: Knob, in section: Section) -> (String, SettingsMistake.Place)? {
        if let name = knob.environment, let text = environment[name] {
            return (text, SettingsMistake.Place(key: name, line: nil))
        }
        guard let node = present(knob, in: section) else { return nil }
        let place = section.place(of: knob.name)
        return single(node, knob, at: place).map { ($0, place) }
    }

    /// What the file has for the knob, or its standard; records a mistake for a required one that is missing.
    private mutating func present(_ knob: Knob, in section: Section) -> Node? {
        guard let key = knob.key else { return nil }
        if let node = section.values[knob.name] {
            guard node.isNull else { return node }
            report(mistake(knob, at: section.place(of: knob.name), "has no value"))
            return nil
        }
        switch knob.absence {
        case .standard(let text):
            return try? Yams.compose(yaml: text)
        case .optional:
            return nil
        case .required:
            var missing = mistake(knob, at: section.place(of: knob.name), "is missing")
            missing.remedy = "add `\(knob.name): \(knob.example)`" + Reading.parent(of: key)
            report(missing)
            return nil
        }
    }

    private mutating func single(_ node: Node, _ knob: Knob, at place: SettingsMistake.Place) -> String? {
        guard case .scalar(let scalar) = node else {
            report(mistake(knob, at: place, "is \(node.kind), not a single value"))
            return nil
        }
        return scalar.string
    }

    private static func parent(of key: String) -> String {
        let parents = key.split(separator: ".").dropLast()
        guard let parent = parents.last else { return "" }
        return parent.hasSuffix("[]") ? "" : " under `\(parent):`"
    }
}
