import Basics
import Gate
import Sessions

/// What one event loop knows of bearers that are no session tokens, by their digest. Belongs to that loop.
struct BearerTable {
    enum Meaning {
        case key(PresentedToken, KeyKind)
        /// A machine client, by its place in the workspace's list.
        case machine(Int)
        case foreign
        case refused(reason: String)
    }

    private struct Key: Hashable {
        let workspace: Int
        let words: (UInt64, UInt64, UInt64, UInt64)

        init(_ digest: KeyDigest, workspace: Int) {
            self.workspace = workspace
            words = digest.words
        }

        static func == (left: Key, right: Key) -> Bool {
            left.workspace == right.workspace && left.words == right.words
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(words.0)
        }
    }

    private let limit: Int
    private var entries: [Key: (meaning: Meaning, until: Timestamp)] = [:]

    init(limit: Int = 65_536) {
        self.limit = limit
    }

    func find(_ digest: KeyDigest, workspace: Int, now: Timestamp) -> Meaning? {
        guard let entry = entries[Key(digest, workspace: workspace)], now < entry.until else { return nil }
        return entry.meaning
    }

    /// A full table forgets what is over, or else all: each is one question away.
    mutating func remember(
        _ meaning: Meaning, of digest: KeyDigest, workspace: Int, until: Timestamp, now: Timestamp
    ) {
        if entries.count >= limit { entries = entries.filter { now < $0.value.until } }
        if entries.count >= limit { entries.removeAll() }
        entries[Key(digest, workspace: workspace)] = (meaning, until)
    }
}
