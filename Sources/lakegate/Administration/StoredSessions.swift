import Foundation
import Logging
import NIOPosix
import Provider
import Sessions
import Settings
import Synchronization

/// The sessions in the store of a configuration, for a command that runs beside the replicas.
///
/// Nothing is renewed and nothing is kept: what this process ends, the replicas hear of by way of the store.
struct StoredSessions {
    let keeper: SessionKeeper
    let revocations: RevocationCount

    /// Opens what the configuration names, lets `body` use it, and waits until what it ended is revoked at the provider.
    static func use(
        _ config: String, _ body: (StoredSessions) async throws -> Void
    ) async throws {
        let settings = try settings(of: config)
        guard case .redis = settings.store else { throw CommandFailure(inMemory(settings.admin.listen)) }
        let keys = KeyringBox(try keyring(settings.sealing.keyringPath))
        var logger = Logger(label: "lakegate") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let store = try await open(settings.store, on: group, logger)
        let sessions = StoredSessions(settings, store.records, keys, logger)
        let result = await Result.catching { try await body(sessions) }
        await store.close()
        try? await group.shutdownGracefully()
        try result.get()
    }

    private init(_ settings: Settings, _ store: any RecordStore, _ keys: KeyringBox, _ logger: Logger) {
        let count = RevocationCount()
        var limits = KeeperLimits()
        // Nothing else waits for this process.
        limits.revocationsWaiting = 1_000_000
        limits.revocationPatience = .seconds(600)
        revocations = count
        keeper = SessionKeeper(
            KeeperParts(
                records: SealedRecords(store: store, keys: keys, random: .system), refresher: Providers([:]),
                revoker: RevocationEndpoints(settings.realms), clock: .system, random: .system,
                limits: limits
            ) { event in
                count.take(event)
                KeeperNews.tell(event, to: logger)
            })
    }

    /// What `serve` would read, but for files that only a server needs.
    private static func settings(of path: String) throws -> Settings {
        do throws(SettingsMistakes) {
            let environment = ProcessInfo.processInfo.environment
            return try ConfigurationFile.complete(try ConfigurationFile.parse(path: path, environment: environment))
        } catch {
            throw CommandFailure("\(path) has mistakes; run: lakegate check --config \(path)\n\n\(error)")
        }
    }

    private static func keyring(_ path: String?) throws -> Keyring {
        guard let path else { throw CommandFailure("sealing.keyring is missing") }
        do throws(KeyringError) { return try Keyring.load(path: path) } catch {
            throw CommandFailure("sealing.keyring: \(error)")
        }
    }

    private static func open(
        _ settings: StoreSettings, on group: MultiThreadedEventLoopGroup, _ logger: Logger
    ) async throws -> StoreChoice {
        do {
            return try await StoreChoice.open(settings, clock: .system, group: group, logger: logger)
        } catch {
            throw CommandFailure("storeTLS: \(error)")
        }
    }

    private static func inMemory(_ admin: Endpoint) -> String {
        """
        With `store: memory` sessions are in the running process alone, and no other process sees them.
        Ask that process: set `admin.tokenFile`, then use http://\(admin)/sessions
        """
    }
}

/// How many refresh tokens were revoked at their providers, and how many were not.
final class RevocationCount: Sendable {
    private let counts = Mutex((revoked: 0, failed: 0))

    var revoked: Int { counts.withLock { $0.revoked } }
    var failed: Int { counts.withLock { $0.failed } }

    func take(_ event: KeeperEvent) {
        switch event {
        case .revoked: counts.withLock { $0.revoked += 1 }
        case .notRevoked: counts.withLock { $0.failed += 1 }
        default: break
        }
    }
}

extension Result where Failure == any Error {
    fileprivate static func catching(_ body: () async throws -> Success) async -> Result {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
