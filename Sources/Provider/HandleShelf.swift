import Synchronization

/// Idle handles by origin, so that a connection to a provider is used again.
final class HandleShelf: Sendable {
    private let idle = Mutex<[String: [CurlHandle]]>([:])
    private let keptPerOrigin: Int

    init(keptPerOrigin: Int) {
        self.keptPerOrigin = keptPerOrigin
    }

    /// Lends a handle for the time of the call.
    func lend<Result>(
        for origin: String, _ use: (CurlHandle) throws(ProviderError) -> Result
    ) throws(ProviderError) -> Result {
        let kept = idle.withLock { $0[origin]?.popLast() }
        guard let handle = kept ?? CurlHandle() else { throw .busy }
        defer { giveBack(handle, for: origin) }
        return try use(handle)
    }

    private func giveBack(_ handle: CurlHandle, for origin: String) {
        idle.withLock { shelf in
            guard shelf[origin, default: []].count < keptPerOrigin else { return }
            shelf[origin, default: []].append(handle)
        }
    }
}
