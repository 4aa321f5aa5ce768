import Yams

/// Turns the text of a configuration file and an environment into ``Settings``.
public enum SettingsParser {
    /// Reads everything before it gives up, so that one run names every mistake.
    ///
    /// What stops it earlier is text that is no YAML, or a key that stands twice in one mapping.
    ///
    /// - Parameters:
    ///   - environment: Every variable of the process; those named LAKEGATE_… win over the file.
    ///   - baseDirectory: The folder of the configuration file, where relative paths start.
    public static func parse(
        text: String, environment: [String: String], baseDirectory: String
    ) throws(SettingsMistakes) -> Settings {
        let root = try YAMLText.mapping(text)
        var reading = Reading(environment: environment, folder: baseDirectory)
        let settings = reading.settings(reading.section(root, path: ""))
        let mistakes = inFileOrder(reading.mistakes) + EnvironmentNames.mistakes(in: environment)
        guard let settings, mistakes.isEmpty else { throw SettingsMistakes(mistakes, files: reading.files) }
        return settings
    }

    /// By line; among those of one line, and those without one, as they were found.
    private static func inFileOrder(_ mistakes: [SettingsMistake]) -> [SettingsMistake] {
        mistakes.enumerated().sorted { left, right in
            (left.element.place.line ?? .max, left.offset) < (right.element.place.line ?? .max, right.offset)
        }.map(\.element)
    }
}
