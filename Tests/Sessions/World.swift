import Basics
import Synchronization

@testable import Sessions

/// A clock, a store, a provider and a keeper over them; everything under the test's control.
final class World: Sendable {
    let clock = TestClock()
    let store: ShakyStore
    let provider: TestProvider
    let events = Log<KeeperEvent>()
    let seen = SeenChanges()
    let keeper: SessionKeeper

    init(life: Duration = .seconds(3600), _ change: (inout KeeperLimits) -> Void = { _ in }) {
        let clock = clock
        let events = events
        provider = TestProvider(clock: clock, life: life)
        store = ShakyStore(clock: clock)
        let random = RandomSource.seeded(7)
        let box = KeyringBox(.ephemeral(random: random))
        var limits = KeeperLimits()
        change(&limits)
        keeper = SessionKeeper(
            KeeperParts(
                records: SealedRecords(store: store, keys: box, random: random), refresher: provider,
                revoker: provider, clock: clock.wall, random: random, pause: Pause { _ in await Task.yield() },
                uptime: Uptime { .milliseconds(clock.now.milliseconds) }, limits: limits,
                report: { events.add($0) }))
        keeper.observe(seen)
    }

    func begin(
        lifetime: Duration = .seconds(86_400 * 30), workspace: String = "prod", user: String = "ann@example.com"
    ) async throws -> Session {
        try await keeper.begin(
            workspace: workspace, person: Person(id: "id of \(user)", userName: user, displayName: "Ann"),
            grant: provider.firstGrant(), lifetime: lifetime
        ).session
    }

    /// A replica that holds nothing yet.
    func another() -> SessionKeeper { SessionKeeper(keeper.parts) }

    /// Lets scheduled refreshes start and come to an end.
    func settle() async {
        keeper.tick()
        await keeper.drain()
    }
}

final class Log<Element: Sendable>: Sendable {
    private let list = Mutex<[Element]>([])

    var all: [Element] { list.withLock { $0 } }

    func add(_ element: Element) {
        list.withLock { $0.append(element) }
    }
}

final class SeenChanges: SessionObserver {
    let generations = Log<UInt64>()
    let ends = Log<SessionID>()

    func sessionChanged(_ session: Session) { generations.add(session.generation) }
    func sessionEnded(_ id: SessionID) { ends.add(id) }
}

final class TestClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

    var now: Timestamp { time.withLock { $0 } }
    var wall: WallClock { WallClock { self.now } }

    func advance(_ duration: Duration) {
        time.withLock { $0 = $0 + duration }
    }
}

/// Small and good enough for tests (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

extension RandomSource {
    static func seeded(_ seed: UInt64) -> RandomSource {
        let box = Box(SeededGenerator(state: seed))
        return RandomSource { count in
            box.state.withLock { generator in (0..<count).map { _ in .random(in: 0...255, using: &generator) } }
        }
    }

    private final class Box: Sendable {
        let state: Mutex<SeededGenerator>
        init(_ generator: SeededGenerator) { state = Mutex(generator) }
    }
}
