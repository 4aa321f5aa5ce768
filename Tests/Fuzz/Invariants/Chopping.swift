/// Where to cut an input in two: anywhere, but always at the same place for the same bytes.
func cut(_ bytes: [UInt8], salt: UInt64) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ salt
    for octet in bytes.prefix(64) { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01B3 }
    return Int(hash % UInt64(bytes.count + 1))
}

/// Ways to chop an input that a reader must not notice: at one place, at two, and between any two bytes.
func choppings(of bytes: [UInt8]) -> [[Range<Int>]] {
    let first = cut(bytes, salt: 2)
    let second = cut(bytes, salt: 3)
    let (low, high) = (min(first, second), max(first, second))
    return [
        [0..<first, first..<bytes.count], [0..<low, low..<high, high..<bytes.count], bytes.indices.map { $0..<$0 + 1 },
    ]
}
