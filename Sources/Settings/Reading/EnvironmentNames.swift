/// Finds variables that were meant for Lakegate and are not: a typo would go unnoticed otherwise.
enum EnvironmentNames {
    static func mistakes(in environment: [String: String]) -> [SettingsMistake] {
        let known = Knob.all.compactMap(\.environment)
        let unknown = environment.filter { name, value in
            name.hasPrefix("LAKEGATE_") && !known.contains(name) && !isServiceLink(name, value)
        }
        return unknown.keys.sorted().map { name in
            let near = NearestKey.to(name, among: known).map { "did you mean \($0)?" }
            return SettingsMistake(
                .init(key: name, line: nil), "is not a variable of Lakegate",
                remedy: near ?? "unset it; Lakegate reads \(known.joined(separator: ", "))")
        }
    }

    /// Kubernetes describes a Service named `lakegate…` to every container of its namespace in such variables.
    private static func isServiceLink(_ name: String, _ value: String) -> Bool {
        if name.contains(#/_SERVICE_(HOST|PORT(_\w+)?)$/#) { return true }
        if name.contains(#/_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/#) { return true }
        return name.hasSuffix("_PORT") && value.contains("://")
    }
}
