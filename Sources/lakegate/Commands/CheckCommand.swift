import ArgumentParser
import Foundation
import Settings

/// `lakegate check`: everything that would keep `serve` from starting, in one run.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a configuration and every file it names; connects to nothing.",
        usage: "lakegate check --config <file>",
        discussion: """
            Lists all mistakes at once, each with its key, its line and a remedy. Secrets are not printed.
            LAKEGATE_… variables of the environment win over the file, as they do for `serve`.

            Exit code 0: `serve` can start with it. 1: there are mistakes. 64: wrong use of this command.
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    func run() throws {
        let config = try NeededOption.value(config, usage: "check --config <file>")
        let settings = try CheckCommand.settings(of: config, environment: ProcessInfo.processInfo.environment)
        print("\(config) is right.\n\n\(SettingsSummary.text(of: settings))", terminator: "")
    }

    /// Settings with every file they name looked at; all mistakes go to standard error.
    ///
    /// - Throws: `ExitCode(1)` after mistakes.
    static func settings(of path: String, environment: [String: String]) throws -> Settings {
        do throws(SettingsMistakes) {
            let settings = try ConfigurationFile.parse(path: path, environment: environment)
            let mistakes = FilesCheck(openers: .system).mistakes(in: settings)
            guard mistakes.isEmpty else { throw SettingsMistakes(mistakes) }
            return try ConfigurationFile.complete(settings)
        } catch {
            let all = SettingsMistakes(error.mistakes + FilesCheck.unreadable(error.files))
            let count = all.mistakes.count == 1 ? "1 mistake" : "\(all.mistakes.count) mistakes"
            FileHandle.standardError.write(Data("\(path): \(count)\n\n\(all)".utf8))
            throw ExitCode(1)
        }
    }
}
