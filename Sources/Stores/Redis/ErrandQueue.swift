import NIOCore
import Sessions

/// Commands that wait for a connection to be made, no longer than others and no more than so many. Lives on one event loop.
final class ErrandQueue {
    static let tooMany = StoreError.unavailable("too many commands are waiting")

    private let loop: any EventLoop
    private let limit: Int
    private var waiting: CircularBuffer<RedisErrand> = []

    init(loop: any EventLoop, limit: Int) {
        self.loop = loop
        self.limit = limit
    }

    func add(_ errand: RedisErrand) {
        guard waiting.count < limit else { return errand.answer(.failure(Self.tooMany)) }
        waiting.append(errand)
        if waiting.count == 1 { expire(at: errand.deadline) }
    }

    func takeAll() -> CircularBuffer<RedisErrand> {
        defer { waiting = [] }
        return waiting
    }

    func fail(_ error: StoreError) {
        for errand in takeAll() { errand.answer(.failure(error)) }
    }

    private func expire(at deadline: NIODeadline) {
        loop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            while let first = waiting.first, first.deadline <= .now() {
                waiting.removeFirst()
                first.answer(.failure(.timedOut))
            }
            if let next = waiting.first { expire(at: next.deadline) }
        }
    }
}
