import Wire

/// What a decoder made of some bytes.
private struct Outcome: Equatable {
    var data: [UInt8] = []
    var end: Int?
    var error: ChunkError?
}

func brokenChunkInvariant(_ bytes: [UInt8]) -> String? {
    let whole = decode(bytes, pieces: [0..<bytes.count])
    let middle = cut(bytes, salt: 2)
    guard decode(bytes, pieces: [0..<middle, middle..<bytes.count]) == whole else { return "pieces are like the whole" }
    guard decode(bytes, pieces: bytes.indices.map { $0..<$0 + 1 }) == whole else { return "bytes are like the whole" }
    if let end = whole.end, end > bytes.count { return "end within the bytes" }
    var encoded: [UInt8] = []
    ChunkWriting.append(whole.data.span.bytes, to: &encoded)
    ChunkWriting.finish(in: &encoded)
    let again = decode(encoded, pieces: [0..<encoded.count])
    return again == Outcome(data: whole.data, end: encoded.count) ? nil : "what is encoded is decoded"
}

private func decode(_ bytes: [UInt8], pieces: [Range<Int>]) -> Outcome {
    var decoder = ChunkedDecoder()
    var outcome = Outcome()
    for piece in pieces {
        let span = bytes.span.bytes.extracting(piece)
        var offset = 0
        reading: while true {
            switch decoder.next(span, from: offset) {
            case .data(let range):
                outcome.data +=
                    bytes[piece][(piece.lowerBound + range.lowerBound)..<(piece.lowerBound + range.upperBound)]
                offset = range.upperBound
            case .needMore: break reading
            case .end(let consumed):
                outcome.end = piece.lowerBound + consumed
                return outcome
            case .invalid(let error):
                outcome.error = error
                return outcome
            }
        }
    }
    return outcome
}
