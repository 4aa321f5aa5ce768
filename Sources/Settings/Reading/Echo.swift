/// Decides how much of a wrong value a message may repeat.
enum Echo {
    /// The value in quotes with everything unprintable escaped, or `nil` if it might hold a secret.
    static func of(_ text: String, knob: Knob, complaint: Complaint) -> String? {
        guard knob.echo == .shown, complaint.echo == .shown, !mayHoldSecret(text) else {
            return "(not shown, it may hold a secret)"
        }
        let start = text.prefix(60).prefix { $0 != "?" }
        return String(start).debugDescription + (start.endIndex < text.endIndex ? " …" : "")
    }

    /// Databricks' own secrets and tokens start with these; an `@` may follow a password.
    static func mayHoldSecret(_ text: String) -> Bool {
        text.contains("@") || ["dose", "dapi", "eyJ"].contains { text.hasPrefix($0) }
    }
}
