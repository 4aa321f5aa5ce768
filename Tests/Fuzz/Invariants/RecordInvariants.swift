import Basics
import Sessions

func brokenRecordRule(_ bytes: [UInt8]) -> String? {
    let id = SessionID(high: 1, low: 2)
    guard let session = try? SessionCodec.decode(bytes, id: id, generation: 5) else { return nil }
    guard session.id == id, session.generation == 5 else { return "id and generation are those of the record" }
    guard let written = try? SessionCodec.encode(session),
        let again = try? SessionCodec.decode(written, id: id, generation: 5)
    else { return "what is read can be written" }
    return facts(session) == facts(again) ? nil : "what is written is read"
}

private func facts(_ session: Session) -> [String] {
    let grant = session.grant
    return [
        session.workspace, session.person.id, session.person.userName, session.person.displayName,
        "\(session.createdAt) \(session.endsAt) \(session.grantGeneration) \(session.standing)",
        grant.accessToken.reveal(), "\(grant.obtainedAt) \(grant.expiresAt)", grant.refreshToken?.reveal() ?? "none",
        "\(session.person.groups)",
    ] + session.keys.map { "\($0.digest.bytes) \($0.kind) \($0.label) \($0.createdAt) \($0.endsAt)" }
}
