import Basics
import FoundationEssentials
import Logging
import Sessions
import Synchronization

/// The keys of machine clients, as their files have them. A changed file counts after a second.
public final class ClientKeyFiles: Sendable {
    private struct Entry {
        var readAt: Timestamp
        var digest: KeyDigest?
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let clock: WallClock
    private let logger: Logger

    public init(clock: WallClock, logger: Logger) {
        self.clock = clock
        self.logger = logger
    }

    /// SHA-256 of the key in the first line of a file; `nil` if there is none, which is logged once.
    func digest(_ path: String) -> KeyDigest? {
        let now = clock.now()
        let known = entries.withLock { $0[path] }
        if let known, known.readAt <= now, now.since(known.readAt) < .seconds(1) { return known.digest }
        let digest = Self.read(path)
        entries.withLock { $0[path] = Entry(readAt: now, digest: digest) }
        if digest == nil, known == nil || known?.digest != nil {
            logger.error("no key of a client can be read, it is not let in", metadata: ["file": "\(path)"])
        }
        return digest
    }

    private static func read(_ path: String) -> KeyDigest? {
        guard let contents = FileManager.default.contents(atPath: path), contents.count <= 4096,
            let text = String(validating: contents, as: UTF8.self)
        else { return nil }
        return ClientKey.digest(of: String(text.prefix { !$0.isNewline }))
    }
}
