import Synchronization

/// What is so at the moment, as labels of a metric whose value is always 1.
public final class Fact: Sendable {
    private let labels = Mutex<[(String, String)]>([])

    init() {}

    public func set(_ labels: [(String, String)]) {
        self.labels.withLock { $0 = labels }
    }

    var current: [(String, String)] {
        labels.withLock { $0 }
    }
}
