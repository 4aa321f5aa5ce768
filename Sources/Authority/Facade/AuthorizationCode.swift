import Basics
import FoundationEssentials
import Sessions

/// What a code stands for: an answer to one client, for one person, to be fetched at once.
struct AuthorizationCode: Codable, Sendable {
    /// A minute: the client is waiting for it.
    static let life = Duration.seconds(60)

    var clientID: String
    var redirectURI: String
    var challenge: String
    /// Text of the session's id.
    var session: String
    var workspace: String
    /// The host that the client used; the token request has to come to it, too.
    var authority: String
    var endsAt: Timestamp

    var bytes: Secret<[UInt8]> {
        Secret((try? JSONEncoder().encode(self)).map { Array($0) } ?? [])
    }

    init(
        clientID: String, redirectURI: String, challenge: String, session: String, workspace: String, authority: String,
        endsAt: Timestamp
    ) {
        self.clientID = clientID
        self.redirectURI = redirectURI
        self.challenge = challenge
        self.session = session
        self.workspace = workspace
        self.authority = authority
        self.endsAt = endsAt
    }

    init?(bytes: [UInt8]) {
        guard let code = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = code
    }
}

/// What remains of a code that was used: the key that it gave. If it comes again, somebody has stolen it, and the key goes
/// (RFC 6749, section 4.1.2).
struct SpentCode: Codable, Sendable {
    static let life = Duration.seconds(600)

    /// Text of the session's id.
    var session: String
    /// The digest of the key.
    var key: [UInt8]

    var bytes: Secret<[UInt8]> {
        Secret((try? JSONEncoder().encode(self)).map { Array($0) } ?? [])
    }

    init(session: SessionID, key: KeyDigest) {
        self.session = session.text
        self.key = key.bytes
    }

    init?(bytes: [UInt8]) {
        guard let spent = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = spent
    }
}

extension Authority {
    /// The store's names of a code and of what remains of it; no other flow has such a name.
    func codeName(_ code: String) -> String {
        Base64URL.encode(outside.sha256(Array("lakegate code\0\(code)".utf8)))
    }

    func spentName(_ code: String) -> String {
        Base64URL.encode(outside.sha256(Array("lakegate spent code\0\(code)".utf8)))
    }
}
