import Authority
import Basics
import Sessions

/// Logins under way, kept as sealed records of their own namespace.
struct LoginFlows: FlowStore {
    let records: SealedRecords

    func put(_ name: String, _ bytes: Secret<[UInt8]>, life: Duration) async throws(SessionError) {
        try await records.put(try record(name), bytes.reveal(), life: life)
    }

    func take(_ name: String) async throws(SessionError) -> Secret<[UInt8]>? {
        try await records.take(try record(name)).map { Secret($0) }
    }

    private func record(_ name: String) throws(SessionError) -> RecordName {
        guard let digest = Base64URL.decode(name) else { throw .unreadable("not the name of a login") }
        return .flow(digest)
    }
}

extension PresentedKey {
    /// What a session token opens; `nil` for any other text.
    init?(token: String) {
        let bytes = Array(token.utf8)
        guard let presented = PresentedToken.parse(bytes.span.bytes, hasher: SHA256Hasher()) else { return nil }
        self.init(session: presented.id, digest: presented.digest)
    }
}
