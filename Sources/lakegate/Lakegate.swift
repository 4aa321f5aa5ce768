import ArgumentParser

@main
struct Lakegate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lakegate",
        abstract: "A TLS-terminating reverse authentication proxy for Databricks.",
        version: version,
        subcommands: [
            ServeCommand.self, CheckCommand.self, DemoCommand.self, KeysCommand.self, SessionsCommand.self,
            LoginCommand.self, ExplainCommand.self, DiscoverCommand.self,
        ]
    )
    static let version = "0.1.0"
}
