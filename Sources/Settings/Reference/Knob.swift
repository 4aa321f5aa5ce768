/// One thing an operator can set: where, in which shape, and what holds when it is not set.
///
/// The parser, its messages and the table in the README all read the same ``Knob/all``.
public struct Knob: Sendable, Equatable {
    /// Path in the file, `[]` standing for any entry of a list; `nil` for what only the environment can set.
    public let key: String?
    public let meaning: String
    /// What a value must look like, range and unit included.
    public let shape: String
    /// A value as it would stand in the file.
    public let example: String
    public let absence: Absence
    /// Name of the variable that wins over the file.
    public let environment: String?
    /// Whether a value may be repeated in a message.
    public let echo: Echo

    public enum Absence: Sendable, Equatable {
        case required
        /// This value holds instead, read the same way as one from the file.
        case standard(String)
        /// Nothing is set; the text says what that means.
        case optional(String)
    }

    public enum Echo: Sendable, Equatable {
        case shown, withheld
    }

    init(
        _ key: String?, _ meaning: String, shape: String, example: String, _ absence: Absence,
        environment: String? = nil, echo: Echo = .shown
    ) {
        self.key = key
        self.meaning = meaning
        self.shape = shape
        self.example = example
        self.absence = absence
        self.environment = environment
        self.echo = echo
    }

    /// The last part of the key path, or the variable's name.
    var name: String {
        key?.split(separator: ".").last.map(String.init) ?? environment ?? ""
    }
}
