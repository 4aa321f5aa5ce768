import Wire

/// The first byte says what the rest is: `Q` a request head, `R` a response head, `H` a response to HEAD; others stand
/// for one of these.
func brokenHeadRule(_ input: [UInt8]) -> String? {
    guard let kind = input.first else { return nil }
    let bytes = Array(input.dropFirst())
    switch kind {
    case UInt8(ascii: "Q"): return brokenRequestInvariant(bytes)
    case UInt8(ascii: "R"): return brokenResponseInvariant(bytes, answering: .get)
    case UInt8(ascii: "H"): return brokenResponseInvariant(bytes, answering: .head)
    default:
        return kind & 1 == 0 ? brokenRequestInvariant(bytes) : brokenResponseInvariant(bytes, answering: .post)
    }
}

/// Whether a shorter span was judged as the rules of reading on demand, given how the whole one was.
func isConsistent(_ part: HeadProgress, of whole: HeadProgress, at count: Int) -> Bool {
    switch (part, whole) {
    case (.incomplete, .incomplete), (.incomplete, .invalid): true
    case (.incomplete, .complete(let length)): count < length
    default: part == whole
    }
}
