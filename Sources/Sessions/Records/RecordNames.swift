import Basics

extension RecordName {
    /// The sealed record of one session.
    public static func session(_ id: SessionID) -> RecordName {
        RecordName("lakegate:{\(id.text)}:session", isAnnounced: true)
    }

    /// What the names of all sessions' records fit, as Redis writes patterns. Others may fit it, too: ``init(ofSession:)`` tells.
    public static let sessionPattern = "lakegate:{*}:session"

    /// The record of a session by its whole name; `nil` for any other name.
    public init?(ofSession text: String) {
        guard let id = SessionID(recordName: RecordName(text)) else { return nil }
        self = .session(id)
    }

    /// A login that has not come back yet. Takes a digest, so that nothing a client sent gets into a name.
    public static func flow(_ digest: [UInt8]) -> RecordName {
        RecordName("lakegate:{\(Base64URL.encode(digest))}:flow")
    }

    /// A program's question for a session, or the code that leads to it.
    public static func handoff(_ digest: [UInt8]) -> RecordName {
        RecordName("lakegate:{\(Base64URL.encode(digest))}:handoff")
    }
}

extension SessionID {
    /// Reads what ``RecordName/session(_:)`` makes; `nil` for any other name.
    init?(recordName name: RecordName) {
        guard name.text.hasPrefix("lakegate:{"), name.text.hasSuffix("}:session") else { return nil }
        self.init(text: String(name.text.dropFirst("lakegate:{".count).dropLast("}:session".count)))
    }
}
