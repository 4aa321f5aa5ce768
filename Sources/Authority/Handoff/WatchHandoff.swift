import Basics
import Gate
import OAuth
import Sessions

extension Authority {
    /// How a hand-off stands; `wait` holds the answer back while it is pending.
    func showHandoff(_ request: LocalRequest, at workspace: AuthorityWorkspace) async -> LocalResponse {
        await withHandoff(request, at: workspace) { found in
            let seconds = FormCoding.decode(request.query)?.only("wait").flatMap { Int($0) } ?? 0
            let patience = Duration.seconds(min(max(seconds, 0), 60))
            let report = await watchers.admitting(found.handoff.client) { mayWait in
                await watch(found, for: mayWait ? patience : .zero)
            }
            switch report {
            case .success(let report): return answers.json(HandoffSummary(report, at: request.authority))
            case .failure(let error): return unclear(error, request)
            }
        }
    }

    func endHandoff(_ request: LocalRequest, at workspace: AuthorityWorkspace) async -> LocalResponse {
        await withHandoff(request, at: workspace) { found in
            do throws(SessionError) {
                try await handoffs.end(found)
                note("hand-off ended by its program", request, of: found.handoff)
                var handoff = found.handoff
                handoff.state = .ended
                return answers.json(
                    HandoffSummary(HandoffReport(handoff: handoff, condition: .ended), at: request.authority))
            } catch { return unclear(error, request) }
        }
    }

    /// Looks at the store again and again, for a person may answer at another replica.
    private func watch(_ found: Handoffs.Found, for patience: Duration) async -> Result<HandoffReport, SessionError> {
        let end = outside.clock.now() + patience
        var handoff = found.handoff
        do throws(SessionError) {
            while handoff.isOpen(at: outside.clock.now()), outside.clock.now() < end, !Task.isCancelled {
                await outside.sleep(.seconds(1))
                handoff = try await handoffs.find(id: handoff.id)?.handoff ?? handoff
            }
            return .success(try await handoffs.report(on: handoff))
        } catch { return .failure(error) }
    }

    /// Only whoever asked for a hand-off may see that there is one.
    private func withHandoff(
        _ request: LocalRequest, at workspace: AuthorityWorkspace, _ act: (Handoffs.Found) async -> LocalResponse
    ) async -> LocalResponse {
        switch await programAsking(request, at: workspace) {
        case .refused(let failure): return answers.failure(failure, to: request)
        case .unclear(let error): return unclear(error, request)
        case .program(let program):
            do throws(SessionError) {
                let id = String(request.path.dropFirst(Route.handoffPrefix.count))
                guard let found = try await handoffs.find(id: id), found.handoff.client == program.name,
                    found.handoff.workspace == request.workspace, found.handoff.purpose == .handle
                else { return answers.failure(.noSuchHandoff, to: request) }
                return await act(found)
            } catch { return unclear(error, request) }
        }
    }
}
