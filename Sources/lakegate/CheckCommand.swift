import ArgumentParser
import Foundation
import Settings

/// `lakegate check`: everything that would keep `serve` from starting, in one run.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a configuration and every file it names; connects to nothing.",
        discussion: """
            Lists all mistakes at once, each with its key, its line and a remedy. Secrets are not printed.
            LAKEGATE_… variables of the environment win over the file, as they do for `serve`.

            Exit code 0: `serve` can start with it. 1: there are mistakes. 64: wrong use of this command.
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    func run() throws {
        do {
            let settings = try ConfigurationFile.parse(path: config, environment: ProcessInfo.processInfo.environment)
            let mistakes = FilesCheck(openers: .system).mistakes(in: settings)
            guard mistakes.isEmpty else { throw SettingsMistakes(mistakes) }
            print("\(config) is right.\n\n\(SettingsSummary.text(of: settings))", terminator: "")
        } catch let error as SettingsMistakes {
            let count = error.mistakes.count == 1 ? "1 mistake" : "\(error.mistakes.count) mistakes"
            FileHandle.standardError.write(Data("\(config): \(count)\n\n\(error)".utf8))
            throw ExitCode(1)
        }
    }
}
