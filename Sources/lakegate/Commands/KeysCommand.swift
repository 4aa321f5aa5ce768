import ArgumentParser
import Basics
import Sessions

/// `lakegate keys`: the keyring that seals sessions.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make and change the keyring that seals stored sessions, and make keys for programs.",
        subcommands: [Generate.self, Rotate.self, Retire.self, Show.self, Client.self]
    )

    struct Generate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "generate",
            abstract: "Write a keyring with one new key to a new file that only this user can read.",
            usage: "lakegate keys generate --output <file>",
            discussion: """
                Every replica on one Redis needs the same keyring. Who loses it loses the sessions: everybody logs in
                again. Who has it and the Redis has everybody's tokens.

                Exit code 0: written. 1: the file exists or cannot be written. 64: wrong use of this command.
                """
        )

        @Option(name: .shortAndLong, help: ArgumentHelp("The file to make; it must not exist.", valueName: "file"))
        var output: String?

        func run() throws {
            let output = try NeededOption.value(output, usage: "keys generate --output <file>")
            do {
                try PrivateFile.create(output, content: Keyring.generate(random: .system, now: WallClock.system.now()))
            } catch {
                throw CommandFailure("\(output) \(error.text)")
            }
            print(
                """
                Wrote a keyring with one new key to \(output); only this user can read it.

                Next:
                  1. Name it in the configuration:   sealing:
                                                       keyring: \(output)
                  2. Copy it, over a safe way, to every replica that uses the same Redis.
                  3. Keep a copy where you keep other secrets; without it every session is lost.
                """)
        }
    }
}

/// A sentence on standard error and exit code 1.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
