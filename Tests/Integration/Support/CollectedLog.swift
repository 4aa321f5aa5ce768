import Logging
import NIOConcurrencyHelpers

/// Keeps every log line of one Lakegate as text.
final class CollectedLog: Sendable {
    private let box = NIOLockedValueBox<[String]>([])

    var lines: [String] { box.withLockedValue { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(box: self.box) } }

    private struct Handler: LogHandler {
        let box: NIOLockedValueBox<[String]>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = "\(event.level) \(event.message) \(event.metadata ?? [:])"
            box.withLockedValue { $0.append(line) }
        }
    }
}
