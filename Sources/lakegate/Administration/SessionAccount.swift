import Foundation
import Sessions

/// What was found or done, as JSON for programs: the same from the command line and from the admin listener.
enum SessionAccount {
    struct Listed: Encodable {
        var sessions: [SessionOutline]
        var unreadable: [String]
        var truncated: Bool

        init(_ listing: SessionListing) {
            sessions = listing.sessions
            unreadable = listing.unreadable.map(\.text).sorted()
            truncated = listing.isCut
        }
    }

    struct Ended: Encodable {
        var ended: Int
        var unreadable: Int
        var note: String?
        var problem: String?
        /// Refresh tokens at the provider; only where somebody waited for it.
        var revoked: Int?
        var notRevoked: Int?

        init(_ report: EndReport) {
            ended = report.ended
            unreadable = report.unreadable
            note = report.unreadable == 0 ? nil : SessionAccount.unreadable(report.unreadable)
            problem = report.problem.map(SessionAccount.text)
        }

        enum CodingKeys: String, CodingKey {
            case ended, unreadable, note, problem, revoked
            case notRevoked = "not_revoked"
        }
    }

    /// One line with a line feed.
    static func json(_ account: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings, numbers and flags always encode.
        guard let bytes = try? encoder.encode(account) else { return "{}\n" }
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }

    static func unreadable(_ count: Int) -> String {
        let records = count == 1 ? "1 record does" : "\(count) records do"
        return "\(records) not open with this keyring: whose, and of which workspace, can't be told. Left alone."
    }

    /// A failure of the store, for people.
    static func text(_ error: SessionError) -> String {
        switch error {
        case .store(let error): "the store failed: \(error)"
        case .unreadable(let reason), .refreshFailed(let reason, _), .loginNeeded(let reason): reason
        case .unknownSession: "there is no such session"
        case .contended: "others changed the session all the time; try again"
        }
    }
}
