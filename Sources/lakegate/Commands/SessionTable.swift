import OAuth
import Sessions

/// Sessions as lines for people.
enum SessionTable {
    /// Columns under a heading, then how many there are; ends with a newline.
    static func text(_ listing: SessionListing) -> String {
        let rows = listing.sessions.isEmpty ? [] : [heading] + listing.sessions.map(row)
        return lines(rows) + closing(listing).map { $0 + "\n" }.joined()
    }

    static func ended(_ count: Int) -> String {
        switch count {
        case 0: "No session ended: there was none."
        case 1: "1 session ended."
        default: "\(count) sessions ended."
        }
    }

    private static let heading = [
        "ID", "WORKSPACE", "USER", "BEGAN", "RENEWED", "ACCESS TOKEN ENDS", "ENDS", "STANDING", "SESSION TOKENS",
    ]

    private static func row(_ session: SessionOutline) -> [String] {
        [
            session.id.text, session.workspace, plain(session.userName), session.createdAt.text, session.renewedAt.text,
            session.accessTokenEndsAt.text, session.endsAt.text, standing(session.standing), "\(session.sessionTokens)",
        ]
    }

    private static func standing(_ standing: SessionStanding) -> String {
        switch standing {
        case .active: "active"
        case .loginNeeded(let reason): "login needed: \(plain(reason))"
        }
    }

    private static func lines(_ rows: [[String]]) -> String {
        let widths = heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { (row: [String]) -> String in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
            return "\(cells.joined(separator: "  ").trimmedAtEnd)\n"
        }.joined()
    }

    private static func closing(_ listing: SessionListing) -> [String] {
        let count = listing.sessions.count
        let unreadable = listing.unreadable.map(\.text).sorted()
        let told =
            unreadable.isEmpty ? [] : [SessionAccount.unreadable(unreadable.count)] + unreadable.map { "  \($0)" }
        return [count == 1 ? "1 session." : "\(count) sessions."] + told
    }

    /// Names come from the workspace, and reach a terminal here.
    private static func plain(_ text: String) -> String {
        SafeText.visible(text, longest: 200)
    }
}

extension String {
    fileprivate var trimmedAtEnd: Substring {
        self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)]
    }
}
