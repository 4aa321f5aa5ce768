import NIOConcurrencyHelpers
import NIOCore
import TLS
import Testing

/// An application that notes everything it is told, and does what a test gives it to do.
///
/// Unchecked because hooks and connection are set before the channel starts and used on its event loop after that.
final class Peer: TLSApplication, @unchecked Sendable {
    struct Notes: Sendable {
        var ready = 0
        var bytes: [UInt8] = []
        var byteCount = 0
        var deliveries = 0
        var readsCompleted = 0
        var endings: [InputEnding] = []
        var closings: [ClosingReason] = []
        var negotiatedProtocol: String?
        var serverName: String?
        var version = ""
        var cipher = ""
        var isResumed = false
    }

    var connection: TLSConnection?
    var onReady: (Peer) -> Void = { _ in }
    var onBytes: (Peer, RawSpan) -> Void = { _, _ in }
    var onReadCompleted: (Peer) -> Void = { _ in }
    var onEnded: (Peer) -> Void = { _ in }
    var onWritable: (Peer) -> Void = { _ in }
    var keepsBytes = true
    let shared = NIOLockedValueBox(Notes())

    var notes: Notes { shared.withLockedValue { $0 } }
    var text: String { String(decoding: notes.bytes, as: UTF8.self) }

    func connectionReady() {
        let connection = self.connection
        shared.withLockedValue {
            $0.ready += 1
            $0.negotiatedProtocol = connection?.negotiatedProtocol
            $0.serverName = connection?.serverName
            $0.version = connection?.version ?? ""
            $0.cipher = connection?.cipher ?? ""
            $0.isResumed = connection?.isResumed ?? false
        }
        onReady(self)
    }

    func received(_ bytes: RawSpan) {
        let copy = keepsBytes ? bytes.withUnsafeBytes { Array($0) } : []
        let count = bytes.byteCount
        shared.withLockedValue {
            $0.bytes += copy
            $0.byteCount += count
            $0.deliveries += 1
        }
        onBytes(self, bytes)
    }

    func readCompleted() {
        shared.withLockedValue { $0.readsCompleted += 1 }
        onReadCompleted(self)
    }

    func inputEnded(_ ending: InputEnding) {
        shared.withLockedValue { $0.endings.append(ending) }
        onEnded(self)
    }

    func writabilityChanged() {
        onWritable(self)
    }

    func connectionClosed(_ reason: ClosingReason) {
        shared.withLockedValue { $0.closings.append(reason) }
        connection = nil
    }

    func write(_ text: String) {
        connection?.write(Array(text.utf8).span.bytes)
    }

    /// Sends back whatever comes, and closes when the other side does.
    static func echo() -> Peer {
        let peer = Peer()
        peer.onBytes = { $0.connection?.write($1) }
        peer.onReadCompleted = { $0.connection?.flush() }
        peer.onEnded = { $0.connection?.close() }
        return peer
    }

    /// Says one thing as soon as it can.
    static func saying(_ text: String) -> Peer {
        let peer = Peer()
        peer.onReady = {
            $0.write(text)
            $0.connection?.flush()
        }
        return peer
    }

    /// Waits until the notes say so; fails the test after some seconds.
    func wait(
        _ what: String, seconds: Int = 20, sourceLocation: SourceLocation = #_sourceLocation,
        until holds: (Notes) -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while !holds(notes) {
            guard ContinuousClock.now < end else {
                var notes = notes
                notes.bytes = []
                Issue.record("waited in vain for \(what): \(notes)", sourceLocation: sourceLocation)
                throw Overdue()
            }
            try await Task.sleep(for: .milliseconds(3))
        }
    }
}

struct Overdue: Error {}
