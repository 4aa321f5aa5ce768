/// Inputs made from kept ones by a few changes; the same from the same seed (SplitMix64).
struct Mutation: RandomNumberGenerator {
    private var state: UInt64
    private let inputs: [[UInt8]]

    init(seed: UInt64, inputs: [[UInt8]]) {
        state = seed
        self.inputs = inputs
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// One to four changes.
    mutating func nextInput() -> [UInt8] {
        var bytes = anyInput()
        for _ in 0..<number(in: 1...4) { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = number(in: 0...bytes.count)
        let end = min(bytes.count, place + number(in: 1...16))
        switch number(in: 0...6) {
        case 0 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: next())
        case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8(number(in: 0...7))
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 4: bytes.insert(contentsOf: anyPart(), at: place)
        case 5: bytes.replaceSubrange(place..<end, with: anyPart())
        default: bytes.insert(Self.telling[number(in: 0...Self.telling.count - 1)], at: place)
        }
    }

    /// Bytes that mean something in one format or another.
    private static let telling = Array("\0\t\n\r \"#%&'*+,-./0:;=?@[\\]{}~\u{7F}é".utf8) + [0xC0, 0xFF]

    private mutating func anyPart() -> ArraySlice<UInt8> {
        let bytes = anyInput()
        let place = number(in: 0...bytes.count)
        return bytes[place..<min(bytes.count, place + number(in: 1...32))]
    }

    private mutating func anyInput() -> [UInt8] {
        inputs.isEmpty ? [] : inputs[number(in: 0...inputs.count - 1)]
    }

    private mutating func number(in range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self)
    }
}
