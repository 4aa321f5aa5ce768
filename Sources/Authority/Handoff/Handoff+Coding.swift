import Basics
import FoundationEssentials
import Sessions

extension Handoff {
    /// To be sealed.
    var bytes: Secret<[UInt8]> {
        Secret((try? JSONEncoder().encode(Stored(self))).map { Array($0) } ?? [])
    }

    init?(bytes: Secret<[UInt8]>) {
        guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(bytes.reveal())),
            let handoff = stored.handoff
        else { return nil }
        self = handoff
    }

    private struct Stored: Codable {
        enum State: String, Codable { case pending, denied, confirmed, ended }

        var id: String
        var purpose: Purpose
        var workspace: String
        var client: String
        var label: String
        var expectedUser: String?
        var code: String
        var secretDigest: String
        var askedAt: Timestamp
        var lifetime: Int64
        var state: State
        var confirmation: StoredConfirmation?

        init(_ handoff: Handoff) {
            id = handoff.id
            purpose = handoff.purpose
            workspace = handoff.workspace
            client = handoff.client
            label = handoff.label
            expectedUser = handoff.expectedUser
            code = handoff.code.letters
            secretDigest = Base64URL.encode(handoff.secretDigest)
            askedAt = handoff.askedAt
            lifetime = handoff.lifetime.milliseconds
            switch handoff.state {
            case .pending: state = .pending
            case .denied: state = .denied
            case .ended: state = .ended
            case .confirmed(let answer): (state, confirmation) = (.confirmed, StoredConfirmation(answer))
            }
        }

        var handoff: Handoff? {
            guard let code = HandoffCode(code), let digest = Base64URL.decode(secretDigest), let answer else {
                return nil
            }
            return Handoff(
                id: id, purpose: purpose, workspace: workspace, client: client, label: label,
                expectedUser: expectedUser, code: code, secretDigest: digest, askedAt: askedAt,
                lifetime: .milliseconds(lifetime), state: answer)
        }

        private var answer: Handoff.State? {
            switch state {
            case .pending: .pending
            case .denied: .denied
            case .ended: .ended
            case .confirmed: confirmation?.confirmation.map { .confirmed($0) }
            }
        }
    }

    private struct StoredConfirmation: Codable {
        var session: String
        var key: String?
        var userName: String
        var endsAt: Timestamp

        init(_ confirmation: Confirmation) {
            session = confirmation.session.text
            key = confirmation.key.map { Base64URL.encode($0.bytes) }
            userName = confirmation.userName
            endsAt = confirmation.endsAt
        }

        var confirmation: Confirmation? {
            guard let id = SessionID(text: session) else { return nil }
            let digest = key.flatMap { Base64URL.decode($0) }.flatMap { KeyDigest(bytes: $0) }
            guard (digest == nil) == (key == nil) else { return nil }
            return Confirmation(session: id, key: digest, userName: userName, endsAt: endsAt)
        }
    }
}
