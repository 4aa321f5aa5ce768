import ArgumentParser

@main
struct Lakegate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lakegate",
        abstract: "A TLS-terminating reverse authentication proxy for Databricks.",
        subcommands: [CheckCommand.self, KeysCommand.self]
    )
}
