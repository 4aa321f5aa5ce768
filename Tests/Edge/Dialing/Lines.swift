import Logging
import NIOConcurrencyHelpers

/// Keeps log lines as text.
final class Lines: Sendable {
    private let box = NIOLockedValueBox<[String]>([])

    var all: [String] { box.withLockedValue { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(box: self.box) } }

    func count(of text: String) -> Int {
        all.count { $0.contains(text) }
    }

    private struct Handler: LogHandler {
        let box: NIOLockedValueBox<[String]>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = "\(event.level) \(event.message) \(metadata) \(event.metadata ?? [:])"
            box.withLockedValue { $0.append(line) }
        }
    }
}
