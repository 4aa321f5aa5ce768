import Stores

/// What a reader made of some bytes.
private struct Replies: Equatable {
    var values: [RESPValue] = []
    var isGarbage = false
}

func brokenRESPRule(_ bytes: [UInt8]) -> String? {
    let whole = read(bytes, [0..<bytes.count])
    for pieces in choppings(of: bytes) {
        guard read(bytes, pieces) == whole else { return "pieces are like the whole" }
    }
    guard whole.values.reduce(0, { $0 + size(of: $1) }) <= bytes.count else { return "no more than was given" }
    guard whole.values.allSatisfy({ isBounded($0, depth: 0) }) else { return "depth and length are bounded" }
    let written = whole.values.flatMap(encoded)
    guard read(written, [0..<written.count]) == Replies(values: whole.values) else {
        return "what is encoded is decoded"
    }
    return whole.values.contains(where: tellsTooMuch) ? "of an error, only its code is told" : nil
}

private func read(_ bytes: [UInt8], _ pieces: [Range<Int>]) -> Replies {
    let reader = RESPReader()
    var replies = Replies()
    do throws(RESPGarbage) {
        for piece in pieces {
            try feed(bytes[piece], to: reader)
            while let value = try reader.next() { replies.values.append(value) }
        }
    } catch {
        replies.isGarbage = true
    }
    return replies
}

private func feed(_ piece: ArraySlice<UInt8>, to reader: RESPReader) throws(RESPGarbage) {
    let result = piece.withUnsafeBytes { bytes in
        Result { () throws(RESPGarbage) in try reader.feed(bytes) }
    }
    try result.get()
}

/// A lower bound of the bytes that a value took: every one has a sign and a line end.
private func size(of value: RESPValue) -> Int {
    switch value {
    case .bulk(let bytes): bytes.count + 5
    case .array(let values): values.reduce(3) { $0 + size(of: $1) }
    case .status, .error, .integer, .null: 3
    }
}

private func isBounded(_ value: RESPValue, depth: Int) -> Bool {
    guard case .array(let values) = value else { return true }
    return depth < 8 && values.count <= 64 && values.allSatisfy { isBounded($0, depth: depth + 1) }
}

private func encoded(_ value: RESPValue) -> [UInt8] {
    switch value {
    case .bulk(let bytes): Array("$\(bytes.count)\r\n".utf8) + bytes + Array("\r\n".utf8)
    case .status(let text): Array("+\(text)\r\n".utf8)
    case .error(let text): Array("-\(text)\r\n".utf8)
    case .integer(let number): Array(":\(number)\r\n".utf8)
    case .array(let values): Array("*\(values.count)\r\n".utf8) + values.flatMap(encoded)
    case .null: Array("$-1\r\n".utf8)
    }
}

private func tellsTooMuch(_ value: RESPValue) -> Bool {
    guard case .error(let text) = value else { return false }
    let code = RedisErrorText(text).code
    return code != "an error"
        && (code.utf8.count > 20 || !code.utf8.allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x5F })
}
