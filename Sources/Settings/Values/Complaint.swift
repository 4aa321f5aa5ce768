/// Why a text is not a value of some shape; it repeats nothing of the text that could be secret.
struct Complaint: Error {
    let problem: String
    let echo: Knob.Echo
    /// Replaces the usual remedy, an example.
    let remedy: String?

    init(_ problem: String, echo: Knob.Echo = .shown, remedy: String? = nil) {
        self.problem = problem
        self.echo = echo
        self.remedy = remedy
    }
}

extension StringProtocol {
    /// Whether every character is a printable one of ASCII other than a space.
    var isPlain: Bool {
        utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    /// A whole number in decimal digits alone; `nil` for signs, spaces and what `Int` does not hold.
    var wholeNumber: Int? {
        utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ? Int(self) : nil
    }
}
