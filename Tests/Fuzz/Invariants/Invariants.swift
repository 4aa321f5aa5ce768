import Wire

/// What must hold for any bytes at all; shared by the fuzzer and by the tests that replay its inputs.
///
/// The first byte says what the rest is: `Q` a request head, `R` a response head, `H` a response to HEAD, `C` a
/// chunked body; others stand for one of these.
///
/// - Returns: The name of the broken rule, or `nil`.
public func brokenInvariant(_ input: [UInt8]) -> String? {
    guard let kind = input.first else { return nil }
    let bytes = Array(input.dropFirst())
    switch kind {
    case UInt8(ascii: "Q"): return brokenRequestInvariant(bytes)
    case UInt8(ascii: "R"): return brokenResponseInvariant(bytes, answering: .get)
    case UInt8(ascii: "H"): return brokenResponseInvariant(bytes, answering: .head)
    case UInt8(ascii: "C"): return brokenChunkInvariant(bytes)
    default:
        return kind & 1 == 0 ? brokenRequestInvariant(bytes) : brokenResponseInvariant(bytes, answering: .post)
    }
}

/// Where to cut an input in two: anywhere, but always at the same place for the same bytes.
func cut(_ bytes: [UInt8], salt: UInt64) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ salt
    for octet in bytes.prefix(64) { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01B3 }
    return Int(hash % UInt64(bytes.count + 1))
}

/// Whether a shorter span was judged as the rules of reading on demand, given how the whole one was.
func isConsistent(_ part: HeadProgress, of whole: HeadProgress, at count: Int) -> Bool {
    switch (part, whole) {
    case (.incomplete, .incomplete), (.incomplete, .invalid): true
    case (.incomplete, .complete(let length)): count < length
    default: part == whole
    }
}
