import Basics
import FoundationEssentials

/// What is remembered of a login between the way to the provider and the way back.
struct LoginFlow: Sendable {
    /// Ten minutes: time for a password, a second factor and a telephone.
    static let life = Duration.seconds(600)

    var verifier: Secret<String>
    var workspace: String
    /// The host that the person used; the callback has to come back to it.
    var authority: String
    var returnPath: ReturnPath
    var endsAt: Timestamp

    /// To be sealed: it holds the verifier.
    var bytes: Secret<[UInt8]> {
        let stored = Stored(
            verifier: verifier.reveal(), workspace: workspace, authority: authority, returnPath: returnPath.text,
            endsAt: endsAt)
        return Secret((try? JSONEncoder().encode(stored)).map { Array($0) } ?? [])
    }

    init(verifier: Secret<String>, workspace: String, authority: String, returnPath: ReturnPath, endsAt: Timestamp) {
        self.verifier = verifier
        self.workspace = workspace
        self.authority = authority
        self.returnPath = returnPath
        self.endsAt = endsAt
    }

    init?(bytes: [UInt8]) {
        guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(bytes)),
            let path = ReturnPath(stored.returnPath)
        else { return nil }
        self.init(
            verifier: Secret(stored.verifier), workspace: stored.workspace, authority: stored.authority,
            returnPath: path, endsAt: stored.endsAt)
    }

    private struct Stored: Codable {
        var verifier: String
        var workspace: String
        var authority: String
        var returnPath: String
        var endsAt: Timestamp
    }
}
