import Wire

/// What a decoder made of some bytes.
private struct Outcome: Equatable {
    var data: [UInt8] = []
    var end: Int?
    var error: ChunkError?
    /// A rule that a single event broke.
    var fault: String?
}

func brokenChunkRule(_ bytes: [UInt8]) -> String? {
    let whole = decode(bytes, [0..<bytes.count])
    if let fault = whole.fault { return fault }
    for pieces in choppings(of: bytes) {
        guard decode(bytes, pieces) == whole else { return "pieces are like the whole" }
    }
    guard whole.end ?? 0 <= bytes.count, whole.data.count <= bytes.count else { return "no more than was given" }
    return brokenEncoding(of: whole.data)
}

/// Writes data in two chunks and reads it again.
private func brokenEncoding(of data: [UInt8]) -> String? {
    var encoded: [UInt8] = []
    let middle = cut(data, salt: 4)
    for part in [0..<middle, middle..<data.count] {
        ChunkWriting.append(data.span.bytes.extracting(part), to: &encoded)
    }
    ChunkWriting.finish(in: &encoded)
    let again = decode(encoded, [0..<encoded.count])
    return again == Outcome(data: data, end: encoded.count) ? nil : "what is encoded is decoded"
}

private func decode(_ bytes: [UInt8], _ pieces: [Range<Int>]) -> Outcome {
    var decoder = ChunkedDecoder()
    var outcome = Outcome()
    for piece in pieces where !outcome.isOver {
        read(Array(bytes[piece]), at: piece.lowerBound, &decoder, &outcome)
    }
    if outcome.isOver, case .invalid = decoder.next(bytes.span.bytes, from: 0) { return outcome }
    if outcome.isOver { outcome.fault = "nothing comes after the end" }
    return outcome
}

extension Outcome {
    fileprivate var isOver: Bool { end != nil || error != nil || fault != nil }
}

private func read(_ piece: [UInt8], at start: Int, _ decoder: inout ChunkedDecoder, _ outcome: inout Outcome) {
    var offset = 0
    while true {
        switch decoder.next(piece.span.bytes, from: offset) {
        case .data(let range):
            guard range.lowerBound >= offset, !range.isEmpty, range.upperBound <= piece.count else {
                outcome.fault = "data lies ahead and within the bytes"
                return
            }
            outcome.data += piece[range]
            offset = range.upperBound
        case .needMore: return
        case .end(let consumed):
            outcome.end = start + consumed
            return
        case .invalid(let error):
            outcome.error = error
            return
        }
    }
}
