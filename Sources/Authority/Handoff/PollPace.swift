import Basics
import Synchronization

/// Tells programs that ask again too soon to slow down (RFC 8628, section 3.5), as far as they ask this process.
final class PollPace: Sendable {
    static let interval = Duration.seconds(5)
    private let looks = Mutex<[String: Timestamp]>([:])

    /// Whether `id` may be looked at. A second of leeway is for clocks and networks.
    func allows(_ id: String, at now: Timestamp) -> Bool {
        looks.withLock { looks in
            if let last = looks[id], last <= now, now.since(last) < Self.interval - .seconds(1) { return false }
            // Forgetting costs nothing but a look that comes early.
            if looks.count >= 10_000 { looks.removeAll() }
            looks[id] = now
            return true
        }
    }
}
