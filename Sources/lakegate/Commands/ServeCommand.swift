import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import Settings

/// `lakegate serve`: the proxy.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve clients until SIGTERM or SIGINT.",
        usage: "lakegate serve --config <file>",
        discussion: """
            Checks the configuration as `lakegate check` does and starts only if it is right. Logs go to standard
            error, the access log to where the configuration says. A second signal ends at once.

            Exit code 0: stopped as told. 1: could not start; the reason is on standard error. 64: wrong use.
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    func run() async throws {
        let config = try NeededOption.value(config, usage: "serve --config <file>")
        CrashSilence.keep()
        Machine.raiseOpenFiles()
        let settings = try CheckCommand.settings(of: config, environment: ProcessInfo.processInfo.environment)
        let logger = Logger(label: "lakegate") { StreamLogHandler.standardError(label: $0) }
        let running = try await Assembly(settings: settings, logger: logger).start()
        logger.info(
            "serving",
            metadata: [
                "listen": "\(settings.listen.host):\(running.edge.port)",
                "admin": "\(settings.admin.listen.host):\(running.admin.port)",
                "workspaces": "\(settings.workspaces.map(\.name).joined(separator: ","))",
            ])
        try await ServiceGroup(
            services: [running], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
        ).run()
    }
}
