import ArgumentParser
import Foundation
import Sessions

extension SessionsCommand {
    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "end",
            abstract: "End sessions, with their cookies and session tokens, on every replica at once.",
            usage: """
                lakegate sessions end --config <file> --session <id> [--json]
                lakegate sessions end --config <file> --user <name> [--workspace <name>] [--json]
                lakegate sessions end --config <file> --workspace <name> [--json]
                """,
            discussion: """
                One session by its id, all of a user, or all of a workspace. Nothing is asked; the number that ended is printed.
                WebSockets and streams of these sessions are closed. Where the workspace has an
                `oauth.revocationEndpoint`, the refresh tokens are revoked there, and this command waits for it, for ten minutes
                at most. A session that begins meanwhile may stay.

                A record that does not open with the keyring is left alone, since nobody can say whose it is: it is counted, and
                can be ended by its id.

                Exit code 0: ended, if there was one. 1: the store, the keyring or the configuration can't be used, or the store
                failed half-way. 2: done, but for records that do not open. 64: wrong use.
                """
        )

        @OptionGroup var place: StoreOption
        @Option(help: ArgumentHelp("This session, by its id in `lakegate sessions list`.", valueName: "id"))
        var session: String?
        @Option(help: ArgumentHelp("All of this user's, by the name in the workspace.", valueName: "name"))
        var user: String?
        @Option(help: ArgumentHelp("All of this workspace or account, or the user's there.", valueName: "name"))
        var workspace: String?
        @Flag(help: "JSON in place of sentences.")
        var json = false

        func validate() throws {
            try StoreOption.refuseEmpty([session, user, workspace])
            guard session == nil || user == nil && workspace == nil else {
                throw ValidationError("A session is named by its id alone.")
            }
            if let session, SessionID(text: session) == nil {
                throw ValidationError("This is not the id of a session.")
            }
        }

        func run() async throws {
            let config = try place.config(usage: "sessions end --config <file>")
            guard session ?? user ?? workspace != nil else {
                _ = try NeededOption.value(
                    nil, usage: "sessions end --session <id>, --user <name> or --workspace <name>")
                return
            }
            try await StoredSessions.use(config) { sessions in
                let report = await end(sessions.keeper)
                // The limits of revocations end this wait.
                await sessions.keeper.drain()
                tell(report, sessions.revocations)
                if let problem = report.problem { throw CommandFailure(SessionAccount.text(problem)) }
                if report.unreadable > 0 { throw ExitCode(2) }
            }
        }

        private func end(_ keeper: SessionKeeper) async -> EndReport {
            if let id = session.flatMap({ SessionID(text: $0) }) { return await keeper.report(endingOf: id) }
            return await keeper.end(all: SessionSelection(userName: user, workspace: workspace))
        }

        private func tell(_ report: EndReport, _ revocations: RevocationCount) {
            guard !json else {
                var account = SessionAccount.Ended(report)
                (account.revoked, account.notRevoked) = (revocations.revoked, revocations.failed)
                return print(SessionAccount.json(account), terminator: "")
            }
            print(SessionTable.ended(report.ended))
            if revocations.revoked + revocations.failed > 0 {
                print(
                    "Refresh tokens revoked at the provider: \(revocations.revoked), not revoked: \(revocations.failed)."
                )
            }
            if report.unreadable > 0 {
                print(SessionAccount.unreadable(report.unreadable))
                print("`lakegate sessions list` has their ids, and --session ends them.")
            }
        }
    }
}
