import ArgumentParser
import Foundation
import Gate
import Settings

/// `lakegate explain`: which rule a request meets, and as whom it goes on.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say which rule a request meets, and as whom it goes on; connects to nothing.",
        usage:
            "lakegate explain --config <file> [--workspace <name>] (--user <name> [--group <name> ...] | --client <name>) [<method>] <path>",
        discussion: """
            The path may have a query. What a body names is given with --warehouse, --cluster and --job.

              lakegate explain --config lakegate.yaml --client scheduler POST /api/2.1/jobs/run-now --job 620000123

            Exit code 0: the request would go on. 2: it would be refused. 1: the configuration has mistakes.
            64: wrong use of this command.
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?
    @Option(help: ArgumentHelp("The workspace; may be left out if there is one only.", valueName: "name"))
    var workspace: String?
    @Option(help: ArgumentHelp("The person who asks.", valueName: "name"))
    var user: String?
    @Option(help: ArgumentHelp("A group that the person was in at the login; may be repeated.", valueName: "name"))
    var group: [String] = []
    @Option(help: ArgumentHelp("The program that asks.", valueName: "name"))
    var client: String?
    @Option(help: ArgumentHelp("The warehouse that the body names.", valueName: "id"))
    var warehouse: String?
    @Option(help: ArgumentHelp("The cluster of x-databricks-cluster-id.", valueName: "id"))
    var cluster: String?
    @Option(help: ArgumentHelp("The job that the body names.", valueName: "number"))
    var job: String?
    @Argument(help: ArgumentHelp("A method, GET if left out, and a path.", valueName: "request"))
    var request: [String] = []

    func run() throws {
        let config = try NeededOption.value(config, usage: "explain --config <file> --user <name> <path>")
        let settings = try CheckCommand.settings(of: config, environment: ProcessInfo.processInfo.environment)
        let explanation = Explanation(try chosen(of: settings.workspaces), try question())
        guard let explanation else {
            throw ValidationError("the workspace has no client named \(client ?? "")")
        }
        print(explanation.text)
        if explanation.isRefused { throw ExitCode(2) }
    }

    private func chosen(of workspaces: [WorkspaceSettings]) throws -> WorkspaceSettings {
        guard let workspace else {
            guard let only = workspaces.first, workspaces.count == 1 else {
                throw ValidationError("name one with --workspace: \(workspaces.map(\.name).joined(separator: ", "))")
            }
            return only
        }
        guard let found = workspaces.first(where: { $0.name == workspace }) else {
            throw ValidationError("there is no workspace named \(workspace)")
        }
        return found
    }

    private func question() throws -> Explanation.Question {
        guard (user == nil) != (client == nil) else { throw ValidationError("name who asks: --user or --client") }
        guard group.isEmpty || user != nil else { throw ValidationError("groups are those of a person: add --user") }
        guard let path = request.last, request.count <= 2, path.hasPrefix("/") else {
            throw ValidationError("name a method and a path, such as POST /api/2.1/jobs/run-now")
        }
        return Explanation.Question(
            user: user, groups: group, client: client, method: request.count == 2 ? request[0].uppercased() : "GET",
            target: path,
            warehouse: warehouse, cluster: cluster, job: job)
    }
}
