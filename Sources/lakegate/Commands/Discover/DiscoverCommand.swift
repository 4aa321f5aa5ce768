import ArgumentParser
import Foundation
import Provider
import Settings

/// `lakegate discover`: what a configuration has to say of a workspace.
struct DiscoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discover",
        abstract: "Ask a workspace what a configuration has to say of it.",
        usage: "lakegate discover <url> [--ca <file>]",
        discussion: """
            Asks, without a login, for the workspace's number, its account and its cloud, and, of a workspace on Azure, where
            Entra ID logs its people in. What it finds is printed as lines for the configuration; nothing is changed.

            HTTPS_PROXY and NO_PROXY count, and SSL_CERT_FILE in place of --ca.

            Exit code 0: printed. 1: the workspace does not answer. 64: wrong use.
            """
    )

    @Argument(help: ArgumentHelp("The workspace, as https://dbc-1234.cloud.databricks.com.", valueName: "url"))
    var url: String?
    @Option(help: ArgumentHelp("Extra trust anchors, PEM.", valueName: "file"))
    var ca: String?

    func validate() throws {
        if let url, HTTPSHost(url) == nil {
            throw ValidationError(
                "The workspace is https:// and a name, and perhaps a port: https://dbc-1234.cloud.databricks.com")
        }
    }

    func run() async throws {
        let text = try NeededOption.value(url, usage: "discover <url>")
        guard let host = HTTPSHost(text) else { throw ExitCode.validationFailure }
        let environment = ProcessInfo.processInfo.environment
        let client = ProviderClient(extraTrust: ca ?? environment["SSL_CERT_FILE"], threads: 1)
        print(try await Discovery(host: host, client: client).run().text, terminator: "")
    }
}
