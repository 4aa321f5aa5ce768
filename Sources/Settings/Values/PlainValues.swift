import Basics

/// Values that need one line or two to understand.
enum PlainValue {
    /// A whole number and one unit of s, m, h, d.
    static func duration(_ text: String) throws(Complaint) -> Duration {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        guard let unit = text.last.flatMap({ units[$0] }) else { throw Complaint("does not end with s, m, h or d") }
        guard let number = text.dropLast().wholeNumber else { throw Complaint("has no whole number before its unit") }
        let (seconds, overflow) = number.multipliedReportingOverflow(by: unit)
        guard !overflow else { throw Complaint("is too long") }
        return .seconds(seconds)
    }

    static func duration(_ text: String, in range: ClosedRange<Duration>) throws(Complaint) -> Duration {
        try held(try duration(text), in: range)
    }

    /// A whole number and `ms`, or one of the other units.
    static func shortDuration(_ text: String, in range: ClosedRange<Duration>) throws(Complaint) -> Duration {
        guard text.hasSuffix("ms") else { return try duration(text, in: range) }
        guard let number = text.dropLast(2).wholeNumber else { throw Complaint("has no whole number before its unit") }
        return try held(.milliseconds(min(number, 1_000_000_000)), in: range)
    }

    private static func held(_ duration: Duration, in range: ClosedRange<Duration>) throws(Complaint) -> Duration {
        guard duration >= range.lowerBound else { throw Complaint("is too short") }
        guard duration <= range.upperBound else { throw Complaint("is too long") }
        return duration
    }

    static func number(_ text: String, in range: ClosedRange<Int>) throws(Complaint) -> Int {
        guard let number = text.wholeNumber else { throw Complaint("is not a whole number") }
        guard range.contains(number) else { throw Complaint("is out of range") }
        return number
    }

    static func flag(_ text: String) throws(Complaint) -> Bool {
        switch text {
        case "true": return true
        case "false": return false
        default: throw Complaint("is neither true nor false")
        }
    }

    static func choice<Choice: RawRepresentable<String>>(_ text: String) throws(Complaint) -> Choice {
        guard let choice = Choice(rawValue: text) else { throw Complaint("is not one of the choices") }
        return choice
    }

    /// A client ID or scope: printable ASCII without spaces (RFC 6749, appendix A).
    static func word(_ text: String) throws(Complaint) -> String {
        guard !text.isEmpty else { throw Complaint("is empty") }
        guard text.isPlain else { throw Complaint("has a space or a character outside ASCII") }
        return text
    }

    /// May have spaces, but none at its ends.
    static func groupName(_ text: String) throws(Complaint) -> String {
        guard GroupNames.isName(text), text.first?.isWhitespace == false, text.last?.isWhitespace == false else {
            throw Complaint("is not the name of a group")
        }
        return text
    }

    static func digits(_ text: String) throws(Complaint) -> String {
        guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { throw Complaint("is not a number") }
        return text
    }

    static func path(_ text: String) throws(Complaint) -> String {
        guard text.hasPrefix("/") else { throw Complaint("does not begin with /") }
        guard text.isPlain, !text.contains("?"), !text.contains("#") else {
            throw Complaint("has a query, a fragment, or a character that a path cannot have")
        }
        guard !text.dropLast().contains("*") else { throw Complaint("has a `*` that is not its end") }
        return text
    }

    static func method(_ text: String) throws(Complaint) -> String {
        guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isUppercase }) else {
            throw Complaint("is not a method in capitals")
        }
        return text
    }

    static func name(_ text: String) throws(Complaint) -> String {
        let allowed = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard allowed, text.count <= 64, let first = text.first, first.isLetter || first.isNumber else {
            throw Complaint("is not a name")
        }
        return text
    }
}
