import Basics
import Sessions
import Synchronization

// Noticing that the server has lost its data, by a marker that goes with them.
extension RedisStore {
    /// True for ten seconds after any replica has noticed a loss, by the server's clock. One that has seen no marker before, in its
    /// first moments, takes an empty server for one that was never used.
    public func mayHaveLost(_ name: RecordName) async throws(StoreError) -> Bool {
        try await lookAtMarker(channel: Self.channel, message: "0 \(name.text)")
    }

    /// So that it is known before anything can be lost.
    func lookAtMarkerOnceConnected() {
        listen { [weak self] change in
            if change == .mayHaveMissed { Task.detached { await self?.learnMarker() } }
        }
    }

    /// Several times: the connection for commands may be made later than the one that listens.
    private func learnMarker() async {
        for _ in 0..<30 where marker.known == nil {
            if (try? await lookAtMarker(channel: "", message: "")) == nil {
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    /// - Parameter message: Told to all after a loss. A record of generation 0 is older than what anybody holds, and is given back.
    private func lookAtMarker(channel: String, message: String) async throws(StoreError) -> Bool {
        let words = [marker.known ?? "", marker.fresh(), Self.lossIsRemembered, channel, message]
        let reply = try await calls.run(.mark, LossMarker.name, words.map { Array($0.utf8) })
        return try calls.checked(reply) { value throws(StoreError) in
            guard case .array(let parts) = value, parts.count == 2, let word = parts[0].text,
                let isLate = parts[1].text.flatMap({ ["0": false, "1": true][$0] })
            else { throw Self.nonsense }
            marker.know(word)
            return isLate
        }
    }

    /// In milliseconds: long enough for those that hold two thousand sessions to look for each of them.
    private static let lossIsRemembered = "10000"
}

/// The marker that this process has seen last. In a cluster there is one, too, on one of the servers.
final class LossMarker: Sendable {
    static let name = RecordName("lakegate:{marker}")

    private let random: RandomSource
    private let word = Mutex<String?>(nil)

    init(_ random: RandomSource) {
        self.random = random
    }

    var known: String? { word.withLock { $0 } }

    func know(_ word: String) {
        self.word.withLock { $0 = word }
    }

    func fresh() -> String { Base64URL.encode(random.bytes(16)) }
}
