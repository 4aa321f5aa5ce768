/// Text from outside, made fit for a log line or a page.
public enum SafeText {
    /// Drops control characters, cuts at `longest` characters, and leaves out words so long that they may be tokens.
    public static func clean(_ text: String, longest: Int) -> String {
        let words = words(of: text, longest: longest).map { $0.count > 40 ? "…" : $0 }
        return String(words.joined(separator: " ").prefix(longest))
    }

    /// Drops control characters and cuts at `longest` characters; for what its author will see again.
    public static func visible(_ text: String, longest: Int) -> String {
        String(words(of: text, longest: longest).joined(separator: " ").prefix(longest))
    }

    private static func words(of text: String, longest: Int) -> [String] {
        text.unicodeScalars.prefix(longest * 4).map { isControl($0) ? " " : Character($0) }
            .split(separator: " ").map { String($0) }
    }

    /// Also the marks that turn the direction of text around, which can make a line read as another.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
        default: false
        }
    }
}
