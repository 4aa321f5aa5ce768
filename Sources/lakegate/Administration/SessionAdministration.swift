import Admin
import Logging
import Sessions

/// Lists and ends sessions for whoever has the admin token. Each end is logged.
struct SessionAdministration: SessionAdministering {
    let keeper: SessionKeeper
    let logger: Logger

    /// So many are listed; the body is made in memory.
    static let mostListed = 10_000

    func list(_ query: SessionQuery) async -> SessionReply {
        guard query.session == nil else { return .mistake("A list is of a user or a workspace.") }
        do throws(SessionError) {
            let listing = try await keeper.list(SessionSelection(query), limit: Self.mostListed)
            return .done(json: SessionAccount.json(SessionAccount.Listed(listing)))
        } catch {
            return failed(EndReport(problem: error))
        }
    }

    func end(_ query: SessionQuery) async -> SessionReply {
        let report: EndReport
        if let text = query.session {
            guard let id = SessionID(text: text) else { return .mistake("This is not the id of a session.") }
            report = await keeper.report(endingOf: id)
        } else {
            report = await keeper.end(all: SessionSelection(query))
        }
        note(query, report)
        if report.problem != nil { return failed(report) }
        return .done(json: SessionAccount.json(SessionAccount.Ended(report)))
    }

    private func failed(_ report: EndReport) -> SessionReply {
        .storeFailed(json: SessionAccount.json(SessionAccount.Ended(report)))
    }

    private func note(_ query: SessionQuery, _ report: EndReport) {
        logger.info(
            "sessions ended by an administrator",
            metadata: [
                "session": "\(query.session ?? "")", "user": "\(query.user ?? "")",
                "workspace": "\(query.workspace ?? "")", "ended": "\(report.ended)",
                "unreadable": "\(report.unreadable)",
                "problem": "\(report.problem.map(SessionAccount.text) ?? "")",
            ])
    }
}

extension SessionSelection {
    init(_ query: SessionQuery) {
        self.init(userName: query.user, workspace: query.workspace)
    }
}

extension SessionKeeper {
    /// Ends one session, and says it as for many.
    func report(endingOf id: SessionID) async -> EndReport {
        do throws(SessionError) {
            return EndReport(ended: try await end(id) ? 1 : 0)
        } catch {
            return EndReport(problem: error)
        }
    }
}
