/// Whether a principal has, or gets, a token. Says nothing of the provider's own words.
public enum PrincipalReadiness: Sendable, Equatable {
    case ready
    /// The provider does not take its id or secret.
    case refused
    /// The provider gives none just now, and is asked again in so long.
    case failing(retryAfter: Duration?)
    /// The provider was asked and has not answered yet.
    case unanswered

    init(_ answer: Result<PrincipalToken, PrincipalFailure>) {
        switch answer {
        case .success: self = .ready
        case .failure(.refused), .failure(.notAdmitted): self = .refused
        case .failure(.login): self = .failing(retryAfter: nil)
        case .failure(.passing(_, let retryAfter)): self = .failing(retryAfter: retryAfter)
        }
    }
}

extension PrincipalKeeper {
    public func readiness(of id: PrincipalID, within patience: Duration) async -> PrincipalReadiness {
        switch step(for: id, after: 0) {
        case .answer(let answer): PrincipalReadiness(answer)
        case .wait(let flight): await first(of: flight, patience)
        }
    }

    /// The flight goes on, whoever has waited for it.
    private func first(of flight: Flight, _ patience: Duration) async -> PrincipalReadiness {
        let (answers, sink) = AsyncStream.makeStream(of: PrincipalReadiness.self, bufferingPolicy: .bufferingOldest(1))
        Task { sink.yield(PrincipalReadiness(await flight.value)) }
        let patience = Task { [pause] in
            await pause.wait(patience)
            sink.yield(.unanswered)
        }
        defer { patience.cancel() }
        return await answers.first { _ in true } ?? .unanswered
    }
}
