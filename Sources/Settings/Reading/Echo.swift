/// Decides how much of a wrong value a message may repeat.
enum Echo {
    /// The value in quotes with everything unprintable escaped, or `nil` if it might hold a secret.
    static func of(_ text: String, knob: Knob, complaint: Complaint) -> String? {
        guard knob.echo == .shown, complaint.echo == .shown, !mayHoldSecret(text) else {
            return "(not shown, it may hold a secret)"
        }
        let start = text.prefix(60).prefix { $0 != "?" }
        return String(start).quoted + (start.endIndex < text.endIndex ? " …" : "")
    }

    /// Databricks' own secrets and tokens start with these; an `@` may follow a password.
    static func mayHoldSecret(_ text: String) -> Bool {
        text.contains("@") || ["dose", "dapi", "eyJ", "lkc_", "lkg_"].contains { text.hasPrefix($0) }
    }
}

extension String {
    /// In quotes, with everything escaped that a terminal might obey.
    var quoted: String {
        // The standard library escapes the control characters of ASCII only.
        debugDescription.unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: scalar.escaped(asASCII: true)
            default: String(scalar)
            }
        }.joined()
    }
}
