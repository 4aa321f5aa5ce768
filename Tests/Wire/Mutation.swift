/// Pieces that matter to a parser of heads.
private let pieces: [[UInt8]] =
    [
        "\n", "\n\n", "\r", "\t", " ", ":", ",", ";", "\u{00}", "\u{0B}", "\u{7F}", "\u{80}", "\u{FF}",
        "Content-Length: 3\n",
        "Transfer-Encoding: chunked\n", "Transfer-Encoding: identity\n", "Host: b\n", "Connection: close\n", "HTTP/1.0",
        "HTTP/1.1", "HTTP/2.0", "http://a/", "#", "%2e", "/../", "\n x", "Expect: 100-continue\n",
        "x_forwarded_for: 1\n",
        "Upgrade: a\n", "chunked", "0", "1", "+", "-", "_", "(", "\"", "GET ", "X: y\n", "X:\n", "X y: z\n", "?", "@",
    ].map(octets) + [[0x0A], [0x0A, 0x0A], [0x58, 0x3A, 0x79, 0x0A]]

/// Changes one to four places of an input, mostly few, never before `start`.
func mutated(_ seed: [UInt8], from start: Int, using generator: inout Seeded) -> [UInt8] {
    var bytes = seed
    let most = Int.random(in: 1...4, using: &generator)
    for _ in 0..<Int.random(in: 1...most, using: &generator) {
        let place = Int.random(in: min(start, bytes.count)...bytes.count, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0, 1: bytes.insert(contentsOf: pieces[Int.random(in: pieces.indices, using: &generator)], at: place)
        case 2 where place < bytes.count: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
        case 3 where place < bytes.count:
            bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...6, using: &generator)))
        case 4 where place < bytes.count: bytes[place] ^= 0x20
        case 5 where place < bytes.count:
            let end = min(bytes.count, place + Int.random(in: 1...24, using: &generator))
            bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: place...end, using: &generator))
        default: break
        }
    }
    return bytes
}
