import Basics
import Foundation

/// A session as the plaintext of its record. The generation is kept beside it, under the same seal.
package enum SessionCodec {
    package static func encode(_ session: Session) throws(SessionError) -> [UInt8] {
        guard let data = try? JSONEncoder().encode(SessionForm(session)) else {
            throw .unreadable("the session cannot be written as JSON")
        }
        return Array(data)
    }

    package static func decode(_ bytes: [UInt8], id: SessionID, generation: UInt64) throws(SessionError) -> Session {
        guard let form = try? JSONDecoder().decode(SessionForm.self, from: Data(bytes)),
            let session = form.session(id: id, generation: generation)
        else { throw .unreadable("the record opens, but is not a session that this version can read") }
        return session
    }
}

/// The JSON of version 1. Secrets appear in clear in it, so it never leaves the codec.
private struct SessionForm: Codable {
    var version = 1
    var workspace: String
    var personID: String
    var userName: String
    var displayName: String
    /// Absent where they are not known. Who does not know this key leaves it out of what it writes.
    var groups: [String]?
    /// The workspace that they belong to: whose SCIM Me told who logged in.
    var groupsOf: String?
    var createdAt: Timestamp
    var endsAt: Timestamp
    var grantGeneration: UInt64
    var accessToken: String
    var obtainedAt: Timestamp
    var expiresAt: Timestamp
    var refreshToken: String?
    var client: String?
    var keys: [KeyForm]
    var loginNeeded: String?

    init(_ session: Session) {
        workspace = session.workspace
        personID = session.person.id
        userName = session.person.userName
        displayName = session.person.displayName
        groups = session.person.groups.names.names
        groupsOf = session.person.groups.workspace.isEmpty ? nil : session.person.groups.workspace
        createdAt = session.createdAt
        endsAt = session.endsAt
        grantGeneration = session.grantGeneration
        accessToken = session.grant.accessToken.reveal()
        obtainedAt = session.grant.obtainedAt
        expiresAt = session.grant.expiresAt
        refreshToken = session.grant.refreshToken?.reveal()
        client = session.grant.clientID
        keys = session.keys.map(KeyForm.init)
        if case .loginNeeded(let reason) = session.standing { loginNeeded = reason }
    }

    func session(id: SessionID, generation: UInt64) -> Session? {
        let keys = keys.compactMap(\.key)
        guard version == 1, keys.count == self.keys.count else { return nil }
        let grant = TokenGrant(
            accessToken: Secret(accessToken), obtainedAt: obtainedAt, expiresAt: expiresAt,
            refreshToken: refreshToken.map { Secret($0) }, clientID: client)
        return Session(
            id: id, workspace: workspace,
            person: Person(
                id: personID, userName: userName, displayName: displayName,
                groups: Membership(groups.map { GroupNames($0) } ?? .unknown, of: groupsOf ?? "")),
            createdAt: createdAt, endsAt: endsAt, generation: generation, grant: grant, keys: keys,
            standing: loginNeeded.map { .loginNeeded(reason: $0) } ?? .active, grantGeneration: grantGeneration)
    }
}

private struct KeyForm: Codable {
    var digest: String
    var kind: KeyKind
    var label: String
    var createdAt: Timestamp
    var endsAt: Timestamp

    init(_ key: SessionKey) {
        digest = Base64URL.encode(key.digest.bytes)
        kind = key.kind
        label = key.label
        createdAt = key.createdAt
        endsAt = key.endsAt
    }

    var key: SessionKey? {
        guard let bytes = Base64URL.decode(digest), let digest = KeyDigest(bytes: bytes) else { return nil }
        return SessionKey(digest: digest, kind: kind, label: label, createdAt: createdAt, endsAt: endsAt)
    }
}
