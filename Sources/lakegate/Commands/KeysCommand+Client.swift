import ArgumentParser
import Basics
import Sessions

extension KeysCommand {
    struct Client: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "client",
            abstract: "Write a key for a program to a new file that only this user can read.",
            usage: "lakegate keys client --output <file>",
            discussion: """
                The program sends it as a bearer token, or as the client secret beside its name. Who has it may do all
                that the rules allow the program.

                Exit code 0: written. 1: the file exists or cannot be written. 64: wrong use of this command.
                """
        )

        @Option(name: .shortAndLong, help: ArgumentHelp("The file to make; it must not exist.", valueName: "file"))
        var output: String?

        func run() throws {
            let output = try NeededOption.value(output, usage: "keys client --output <file>")
            do {
                try PrivateFile.create(output, content: ClientKey.make(random: .system).reveal() + "\n")
            } catch {
                throw CommandFailure("\(output) \(error.text)")
            }
            print(
                """
                Wrote a key for one program to \(output); only this user can read it.

                Next:
                  1. Name it in the configuration:   workspaces[].clients:
                                                       - name: scheduler
                                                         keyFile: \(output)
                  2. Give the program the same key, over a safe way: as DATABRICKS_TOKEN, or as the client secret
                     of an OAuth client with the name above.
                  3. Say in workspaces[].identities what it may do; without a rule it may do nothing.
                """)
        }
    }
}
