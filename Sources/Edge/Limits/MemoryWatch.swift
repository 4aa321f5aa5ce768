import CMalloc
import Logging
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Whether the process has taken so much memory that it had better turn requests away.
final class MemoryWatch: Sendable {
    private let limit: Int
    private let resident: @Sendable () -> Int
    private let metrics: EdgeMetrics
    private let logger: Logger
    private let short = Atomic(false)
    private let changed = Mutex<(@Sendable () -> Void)?>(nil)

    /// - Parameter limit: Bytes; 0 for none.
    init(limit: Int, resident: @escaping @Sendable () -> Int, metrics: EdgeMetrics, logger: Logger) {
        self.limit = limit
        self.resident = resident
        self.metrics = metrics
        self.logger = logger
    }

    /// Asked for every request: a load of what hardly ever changes.
    var isShort: Bool { short.load(ordering: .relaxed) }

    /// What is called, on any thread, when ``isShort`` has become something else.
    func whenChanged(_ action: (@Sendable () -> Void)?) {
        changed.withLock { $0 = action }
    }

    /// Looks once a second until the task is cancelled. Not on an event loop: giving memory back may take a while.
    func run() async {
        while !Task.isCancelled {
            look()
            try? await Task.sleep(for: .seconds(1))
        }
    }

    func look() {
        let bytes = resident()
        metrics.residentMemory(bytes)
        guard limit > 0 else { return }
        // A little below before it is over, lest it goes back and forth.
        let isShort = bytes >= (self.isShort ? limit / 100 * 95 : limit)
        // What was freed is still the process's; without this the number might stay where it is.
        if isShort { malloc_trim(0) }
        guard short.exchange(isShort, ordering: .relaxed) != isShort else { return }
        report(isShort, bytes)
        changed.withLock { $0 }?()
    }

    private func report(_ isShort: Bool, _ bytes: Int) {
        let facts: Logger.Metadata = ["resident": "\(bytes)", "limit": "\(limit)"]
        if isShort {
            logger.warning("memory is short (limits.memory): requests are turned away", metadata: facts)
        } else {
            logger.info("memory suffices again", metadata: facts)
        }
    }
}

/// What the kernel says about this process.
public enum ProcessMemory {
    /// Bytes of memory in use; 0 where nothing says so.
    public static func resident() -> Int {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 128)
        let count = read(file, &text, text.count)
        let words = String(decoding: text.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
        guard words.count > 1, let pages = Int(words[1]) else { return 0 }
        return pages * Int(getpagesize())
    }
}
