import Dispatch
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Where access-log lines end up: a descriptor that a thread of its own writes to, so that a full disk or a pipe nobody
/// reads slows down no request. What does not fit in the queue is dropped and counted.
public final class AccessLogSink: Sendable {
    private let descriptor: CInt
    private let thread: NIOThreadPool
    private let queued = Atomic<Int>(0)
    private let dropped = Atomic<UInt64>(0)
    private let limit = 16 * 1_048_576

    /// - Parameter descriptor: Open for writing for as long as the process runs.
    public init(descriptor: CInt) {
        self.descriptor = descriptor
        thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
    }

    /// Opens a file for appending, creating it with mode 0640.
    ///
    /// - Throws: ``AccessLogError`` that names the file and what the system said.
    public static func file(_ path: String) throws(AccessLogError) -> AccessLogSink {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw AccessLogError.cannotOpen(path: path, reason: String(cString: strerror(errno)))
        }
        return AccessLogSink(descriptor: descriptor)
    }

    /// Lines that were lost because the log could not be written fast enough, or at all.
    public var droppedLines: UInt64 { dropped.load(ordering: .relaxed) }

    func submit(_ lines: [UInt8], count: UInt64) {
        guard queued.add(lines.count, ordering: .relaxed).newValue <= limit else {
            queued.subtract(lines.count, ordering: .relaxed)
            dropped.add(count, ordering: .relaxed)
            return
        }
        thread.submit { [self] state in
            if state != .active || !write(lines) {
                dropped.add(count, ordering: .relaxed)
            }
            queued.subtract(lines.count, ordering: .relaxed)
        }
    }

    /// Waits until what was submitted is written, some seconds at most; blocks the caller.
    public func close() {
        // Shutting the thread down drops what is still queued: a last task tells when all before it are done.
        let written = DispatchSemaphore(value: 0)
        thread.submit { _ in written.signal() }
        _ = written.wait(timeout: .now() + .seconds(5))
        try? thread.syncShutdownGracefully()
    }

    private func write(_ lines: [UInt8]) -> Bool {
        lines.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count, let base = bytes.baseAddress {
                let count = Glibc.write(descriptor, base + sent, bytes.count - sent)
                guard count > 0 || errno == EINTR else { return false }
                sent += max(count, 0)
            }
            return true
        }
    }
}

public enum AccessLogError: Error, Sendable, Equatable, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason): "The access log '\(path)' can't be opened for writing: \(reason)."
        }
    }
}
