import Basics
import Logging
import NIOPosix
import Sessions
import Settings
import Stores

/// The store that the settings ask for, and how to let go of it.
struct StoreChoice: Sendable {
    let records: any RecordStore
    let close: @Sendable () async -> Void

    static func open(
        _ settings: StoreSettings, clock: WallClock, group: MultiThreadedEventLoopGroup, logger: Logger
    ) -> StoreChoice {
        switch settings {
        case .memory, .redis:
            return StoreChoice(records: MemoryStore(clock: clock)) {}
        }
    }
}
