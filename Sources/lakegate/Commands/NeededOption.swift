import ArgumentParser
import Foundation

/// An option that a command can't do without.
///
/// For the parser it is optional: of one that it requires it says that it is missing, where in truth it was misspelt.
enum NeededOption {
    /// - Parameters:
    ///   - usage: Command and option as on the command line, as in `serve --config <file>`.
    /// - Throws: `ExitCode(64)` without a value, after a word on standard error.
    static func value(_ value: String?, usage: String) throws -> String {
        if let value { return value }
        FileHandle.standardError.write(Data(complaint(usage).utf8))
        throw ExitCode.validationFailure
    }

    static func complaint(_ usage: String) -> String {
        let command = usage.prefix { $0 != "-" }.trimmingCharacters(in: .whitespaces)
        let option = usage.drop { $0 != "-" }
        return """
            Error: Missing expected argument '\(option)'
            Usage: lakegate \(usage)
              See 'lakegate \(command) --help' for more information.

            """
    }
}
