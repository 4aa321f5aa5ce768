import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import TLS
import Testing

/// One end of a TLS connection in a test's hands: it sends exactly the bytes it is given and keeps what it receives.
///
/// Unchecked because the connection is set before the channel starts and touched on its event loop only after that.
final class Line: TLSApplication, @unchecked Sendable {
    private struct State {
        var isReady = false
        private(set) var bytes: ArraySlice<UInt8> = []
        var total = 0
        var ending: InputEnding?
        var closing: ClosingReason?
        var keepsBytes = true

        mutating func append(_ new: [UInt8]) {
            bytes += new
        }

        /// Moves the start along; what was taken is let go when it outweighs the rest.
        mutating func take(_ count: Int) -> [UInt8] {
            let taken = Array(bytes.prefix(count))
            bytes = bytes.dropFirst(count)
            if bytes.startIndex > 65_536, bytes.startIndex > bytes.count { bytes = ArraySlice(Array(bytes)) }
            return taken
        }
    }

    var connection: TLSConnection?
    private let state = NIOLockedValueBox(State())

    /// Everything received so far, taken bytes included.
    var totalReceived: Int { state.withLockedValue { $0.total } }
    var ending: InputEnding? { state.withLockedValue { $0.ending } }
    var closing: ClosingReason? { state.withLockedValue { $0.closing } }
    var isOver: Bool { state.withLockedValue { $0.ending != nil || $0.closing != nil } }

    // MARK: What a test does

    func send(_ text: String) {
        send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) {
        onLoop {
            $0.write(bytes.span.bytes)
            $0.flush()
        }
    }

    func close() { onLoop { $0.close() } }

    /// Cuts the socket, without close_notify.
    func cut() { onLoop { $0.abort() } }

    func stopReading() { onLoop { $0.pauseReading() } }

    func readOn() { onLoop { $0.resumeReading() } }

    /// From now on bytes are counted and dropped.
    func onlyCount() { state.withLockedValue { $0.keepsBytes = false } }

    var isWritable: Bool {
        get async throws {
            guard let eventLoop = connection?.eventLoop else { return false }
            return try await eventLoop.submit { self.connection?.isWritable ?? false }.get()
        }
    }

    private func onLoop(_ action: @escaping @Sendable (TLSConnection) -> Void) {
        guard let eventLoop = connection?.eventLoop else { return }
        eventLoop.execute {
            if let connection = self.connection { action(connection) }
        }
    }

    // MARK: What a test waits for

    func untilReady() async throws {
        try await wait("the handshake") { state.withLockedValue { $0.isReady } }
    }

    func untilOver(seconds: Int = 60) async throws {
        try await wait("the end of the connection", seconds: seconds) { isOver }
    }

    /// Takes the first `count` bytes.
    func take(_ count: Int, seconds: Int = 60) async throws -> [UInt8] {
        try await wait("\(count) bytes", seconds: seconds) {
            state.withLockedValue { $0.bytes.count >= count }
        }
        return state.withLockedValue { $0.take(count) }
    }

    /// Takes everything up to and including the text.
    func take(through end: String, seconds: Int = 60) async throws -> String {
        let pattern = Array(end.utf8)
        var count = 0
        try await wait("\(end.debugDescription)", seconds: seconds) {
            state.withLockedValue { state in
                guard let range = state.bytes.firstRange(of: pattern) else { return false }
                count = range.upperBound - state.bytes.startIndex
                return true
            }
        }
        return String(decoding: try await take(count), as: UTF8.self)
    }

    /// What is there and was not taken.
    var pending: String { state.withLockedValue { String(decoding: $0.bytes, as: UTF8.self) } }

    private func wait(_ what: String, seconds: Int = 60, until holds: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while !holds() {
            guard ContinuousClock.now < end else {
                throw Overdue(what: what, received: String(pending.prefix(300)), ending: ending, closing: closing)
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    // MARK: TLSApplication

    func connectionReady() { state.withLockedValue { $0.isReady = true } }

    func received(_ bytes: RawSpan) {
        let copy = bytes.withUnsafeBytes { Array($0) }
        state.withLockedValue {
            if $0.keepsBytes { $0.append(copy) }
            $0.total += copy.count
        }
    }

    func readCompleted() {}

    func inputEnded(_ ending: InputEnding) { state.withLockedValue { $0.ending = ending } }

    func writabilityChanged() {}

    func connectionClosed(_ reason: ClosingReason) {
        state.withLockedValue { $0.closing = reason }
        connection = nil
    }
}

struct Overdue: Error {
    var what: String
    var received = ""
    var ending: InputEnding?
    var closing: ClosingReason?
}

/// Waits until something holds; fails the test after some seconds.
func eventually(
    _ what: String, seconds: Int = 60, _ holds: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while try await !holds() {
        guard ContinuousClock.now < end else { throw Overdue(what: what) }
        try await Task.sleep(for: .milliseconds(5))
    }
}
