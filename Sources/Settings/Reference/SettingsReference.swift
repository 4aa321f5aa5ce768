/// The table of everything that can be set, for the README.
public enum SettingsReference {
    /// A Markdown table, one row for each knob, ending with a newline.
    public static func markdown() -> String {
        (header + Knob.all.map(row)).map { $0 + "\n" }.joined()
    }

    private static let header = [
        "| key | meaning | shape | when absent | environment |",
        "|---|---|---|---|---|",
    ]

    private static func row(_ knob: Knob) -> String {
        let cells = [
            knob.key.map { "`\($0)`" } ?? "", knob.meaning, knob.shape, absence(knob.absence),
            knob.environment.map { "`\($0)`" } ?? "",
        ]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }

    private static func absence(_ absence: Knob.Absence) -> String {
        switch absence {
        case .required: "required"
        case .standard(let value): "`\(value)`"
        case .optional(let meaning): meaning
        }
    }
}
