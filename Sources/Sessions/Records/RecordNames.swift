import Basics

extension RecordName {
    /// The sealed record of one session.
    public static func session(_ id: SessionID) -> RecordName {
        RecordName("lakegate:{\(id.text)}:session")
    }

    /// A login that has not come back yet. Takes a digest, so that nothing a client sent gets into a name.
    public static func flow(_ digest: [UInt8]) -> RecordName {
        RecordName("lakegate:{\(Base64URL.encode(digest))}:flow")
    }
}
