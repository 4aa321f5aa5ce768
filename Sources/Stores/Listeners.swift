import Sessions
import Synchronization

/// Who is told of changes to records.
final class Listeners: Sendable {
    private let all = Mutex<[@Sendable (StoreChange) -> Void]>([])

    func add(_ tell: @escaping @Sendable (StoreChange) -> Void) {
        all.withLock { $0.append(tell) }
    }

    func tell(_ change: StoreChange) {
        for tell in all.withLock({ $0 }) { tell(change) }
    }
}
