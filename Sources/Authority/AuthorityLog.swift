import Gate
import Logging
import Sessions

extension Authority {
    /// What an auditor wants to find: who did what at which workspace.
    func note(_ event: String, _ request: LocalRequest, _ session: Session) {
        logger.info(
            "\(event)",
            metadata: [
                "request": .string(request.requestID), "workspace": .string(request.workspace),
                "user": .string(session.person.userName),
            ])
    }

    func note(_ event: String, _ request: LocalRequest, _ session: Session? = nil, of handoff: Handoff) {
        logger.info(
            "\(event)",
            metadata: [
                "request": .string(request.requestID), "workspace": .string(request.workspace),
                "program": .string(handoff.client), "handoff": .string(handoff.id),
                "user": .string(session?.person.userName ?? ""),
            ])
    }

    func log(_ event: String, _ request: LocalRequest, _ reason: some Sendable) {
        logger.warning(
            "\(event)",
            metadata: [
                "request": .string(request.requestID), "workspace": .string(request.workspace),
                "reason": .string("\(reason)"),
            ])
    }
}
