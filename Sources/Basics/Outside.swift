/// Where wall-clock time comes from: the system in production, a variable in a test.
public struct WallClock: Sendable {
    public let now: @Sendable () -> Timestamp

    public init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }
}

/// Where unpredictable bytes come from: the operating system in production, a seed in a test.
public struct RandomSource: Sendable {
    /// Returns exactly as many bytes as asked for.
    public let bytes: @Sendable (Int) -> [UInt8]

    public init(bytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.bytes = bytes
    }

    /// The operating system's generator (getrandom(2) through the standard library).
    public static let system = RandomSource { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// A number from 0 up to 1.
    public func fraction() -> Double {
        Double(bytes(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }) / 4_294_967_296
    }
}
