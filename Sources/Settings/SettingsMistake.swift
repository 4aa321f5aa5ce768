/// Everything that is wrong with one configuration. Safe to print: it repeats no secret.
public struct SettingsMistakes: Error, Sendable, Equatable {
    /// In the order of the file; what is wrong with the environment comes last.
    public let mistakes: [SettingsMistake]
    /// Files that the configuration names all the same, so that one run can look at them too.
    public let files: [NamedFile]

    public init(_ mistakes: [SettingsMistake], files: [NamedFile] = []) {
        self.mistakes = mistakes
        self.files = files
    }

    public struct NamedFile: Sendable, Equatable {
        public let place: SettingsMistake.Place
        /// Absolute, or relative to the working directory as the configuration file's own path is.
        public let path: String
    }
}

extension SettingsMistakes: CustomStringConvertible {
    /// The mistakes, numbered from 1, with an empty line between them.
    public var description: String {
        mistakes.enumerated().map { "\($0.offset + 1). \($0.element)\n" }.joined(separator: "\n")
    }
}

/// One mistake: where it is, what is wrong, and what to do about it.
public struct SettingsMistake: Sendable, Equatable {
    public var place: Place
    /// What is wrong, continuing "the value …".
    public var problem: String
    /// The value as it was written, unless it might be a secret.
    public var found: String?
    public var expected: String?
    public var remedy: String?

    public init(
        _ place: Place, _ problem: String, found: String? = nil, expected: String? = nil, remedy: String? = nil
    ) {
        self.place = place
        self.problem = problem
        self.found = found
        self.expected = expected
        self.remedy = remedy
    }

    public struct Place: Sendable, Equatable {
        /// Key path such as `workspaces[0].url`, name of a variable, or empty for the file as a whole.
        public var key: String
        /// Line in the file, from 1; `nil` when it is known for none or lies in the environment.
        public var line: Int?

        public init(key: String, line: Int?) {
            self.key = key
            self.line = line
        }
    }
}

extension SettingsMistake: CustomStringConvertible {
    public var description: String {
        let details = [("found:   ", found), ("expected:", expected), ("remedy:  ", remedy)]
        let lines = details.compactMap { name, value in value.map { "\n   \(name) \($0)" } }
        return "\(place): \(problem)" + lines.joined()
    }
}

extension SettingsMistake.Place: CustomStringConvertible {
    public var description: String {
        switch (key.isEmpty, line) {
        case (true, let line?): "line \(line)"
        case (true, nil): "the file"
        case (false, let line?): "\(key) (line \(line))"
        case (false, nil): key
        }
    }
}
