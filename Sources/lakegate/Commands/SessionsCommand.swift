import ArgumentParser
import Foundation
import Sessions

/// `lakegate sessions`: who is logged in, and signing them out.
struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "List and end the sessions in the store.",
        subcommands: [List.self, End.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Say who is logged in, where and until when; shows no token.",
            usage: "lakegate sessions list --config <file> [--user <name>] [--workspace <name>] [--json]",
            discussion: """
                Reads the store that the configuration names, with its keyring. Each line has the session's id, the workspace,
                the user, when the session began, when its access token was granted and when that ends, when the session ends,
                whether it is active, and how many session tokens it has. Times are UTC.

                Exit code 0: listed. 1: the store, the keyring or the configuration can't be used. 64: wrong use.
                """
        )

        @OptionGroup var place: StoreOption
        @Option(help: ArgumentHelp("Only this user's, by the name in the workspace.", valueName: "name"))
        var user: String?
        @Option(help: ArgumentHelp("Only those of this workspace or account.", valueName: "name"))
        var workspace: String?
        @Flag(help: "JSON in place of lines.")
        var json = false

        func validate() throws { try StoreOption.refuseEmpty([user, workspace]) }

        func run() async throws {
            let config = try place.config(usage: "sessions list --config <file>")
            let selection = SessionSelection(userName: user, workspace: workspace)
            try await StoredSessions.use(config) { sessions in
                let listing = try await StoredSessions.explaining { () async throws(SessionError) in
                    try await sessions.keeper.list(selection)
                }
                print(
                    json ? SessionAccount.json(SessionAccount.Listed(listing)) : SessionTable.text(listing),
                    terminator: "")
            }
        }
    }
}

/// Where the sessions are.
struct StoreOption: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    func config(usage: String) throws -> String {
        try NeededOption.value(config, usage: usage)
    }

    /// An empty variable of a script must not mean everybody.
    static func refuseEmpty(_ values: [String?]) throws {
        guard values.allSatisfy({ $0?.isEmpty != true }) else {
            throw ValidationError(
                "A user, a workspace or a session that is named has a name; leave the option out instead.")
        }
    }
}

extension StoredSessions {
    static func explaining<Answer>(_ step: () async throws(SessionError) -> Answer) async throws -> Answer {
        do throws(SessionError) { return try await step() } catch { throw CommandFailure(SessionAccount.text(error)) }
    }
}
