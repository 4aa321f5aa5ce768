import Testing
import Wire

/// Decodes a whole body in pieces of a size; data, then what ended it.
private func decode(_ body: String, piece: Int = .max) -> String {
    let bytes = octets(body)
    var decoder = ChunkedDecoder()
    var data: [UInt8] = []
    var start = 0
    while start < bytes.count {
        let end = piece < bytes.count - start ? start + piece : bytes.count
        var offset = start
        reading: while true {
            switch decoder.next(bytes.span.bytes.extracting(0..<end), from: offset) {
            case .data(let range):
                data += bytes[range]
                offset = range.upperBound
            case .needMore: break reading
            case .end(let consumed):
                return "\(String(decoding: data, as: UTF8.self))|end \(bytes.count - consumed) left"
            case .invalid(let error): return "\(String(decoding: data, as: UTF8.self))|\(error)"
            }
        }
        start = end
    }
    return "\(String(decoding: data, as: UTF8.self))|more"
}

@Suite struct Chunks {
    @Test(arguments: [
        ("5\nhello\n0\n\n", "hello|end 0 left"), ("5\nhello\n0\n\nGET /", "hello|end 5 left"),
        ("0000\n\n", "|end 0 left"), ("A;a=\"b;c\"\n0123456789\n0;x\nTrailer: 1\nOther:\n\n", "0123456789|end 0 left"),
        ("5\nhel", "hel|more"), ("\n", "|sizeMissing"), (" 5\n", "|sizeMissing"), ("-5\n", "|sizeMissing"),
        ("0x5\n", "|sizeInvalid"), ("5 \n", "|sizeInvalid"), ("5\t;a\n", "|sizeInvalid"), ("g\n", "|sizeMissing"),
        ("5\rhello", "|lineEndInvalid"), ("FFFFFFFFFFFFFFFF\n", "|sizeTooLarge"),
        ("10000000000000005\n", "|sizeTooLarge"),
        ("00000000000000005\n", "|sizeTooLarge"), ("5\nhello0\n\n", "hello|dataEndInvalid"),
        ("5\nhello\r0\n\n", "hello|dataEndInvalid"), ("5;\u{00}\n", "|extensionInvalid"),
        ("5;a\rb\n", "|lineEndInvalid"), ("0\nbad name: 1\n\n", "|trailerInvalid"), ("0\n: 1\n\n", "|trailerInvalid"),
        ("0\na: \u{01}\n\n", "|trailerInvalid"), ("0\na: 1\n b\n\n", "|trailerInvalid"), ("0\n\rX", "|trailerInvalid"),
        ("0\nname\n\n", "|trailerInvalid"), ("0\ncontent-length: 3\n\n", "|trailerForbidden"),
        ("0\nx: y\nTransfer-Encoding: chunked\n\n", "|trailerForbidden"), ("0\nX-Content-Length: 3\n\n", "|end 0 left"),
        ("5;\nhello", "|extensionInvalid"), ("5;a=\nhello", "|extensionInvalid"), ("5;a b\n", "|extensionInvalid"),
        ("5;a=\"\\\"\"x\n", "|extensionInvalid"), ("5;a=\"\\\"\"\nhello\n0;b\n\n", "hello|end 0 left"),
    ])
    func bodies(_ body: String, _ expected: String) {
        for piece in [Int.max, 1, 3] {
            #expect(decode(body, piece: piece) == expected)
        }
    }

    @Test(arguments: ["5\r\nhello\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n", "0\r\n\n"])
    func bareLineFeedsAreRefused(_ body: String) {
        var decoder = ChunkedDecoder()
        var offset = 0
        let bytes = Array(body.utf8)
        while case .data(let range) = decoder.next(bytes.span.bytes, from: offset) { offset = range.upperBound }
        guard case .invalid = decoder.next(bytes.span.bytes, from: offset) else {
            Issue.record("accepted")
            return
        }
        #expect(!decoder.isOver)
    }

    @Test func overheadIsBounded() {
        #expect(decode("5;" + String(repeating: "a", count: 1024) + "\nhello") == "hello|more")
        #expect(decode("5;" + String(repeating: "a", count: 1025) + "\nhello") == "|extensionTooLong")
        let chunk = "1;" + String(repeating: "a", count: 1000) + "\nx\n"
        #expect(decode(String(repeating: chunk, count: 20)).hasSuffix("|extensionTooLong"))
        #expect(decode("0\na: " + String(repeating: "a", count: 8192) + "\n\n") == "|trailersTooLong")
    }

    @Test func nothingFollowsTheEnd() {
        var decoder = ChunkedDecoder()
        let bytes = octets("0\n\n0\n\n")
        #expect(decoder.next(bytes.span.bytes, from: 0) == .end(consumed: 5))
        #expect(decoder.isOver)
        #expect(decoder.next(bytes.span.bytes, from: 5) == .invalid(.alreadyOver))
    }

    @Test func areWritten() {
        var out: [UInt8] = []
        ChunkWriting.append(octets("0123456789abcdef").span.bytes, to: &out)
        ChunkWriting.append(octets("").span.bytes, to: &out)
        ChunkWriting.finish(in: &out)
        #expect(out == octets("10\n0123456789abcdef\n0\n\n"))
    }
}

@Suite struct CountedBodies {
    @Test func takesItsOwnBytesOnly() {
        var meter = BodyMeter(length: 10)
        #expect(meter.take(4) == 4)
        #expect(!meter.isComplete)
        #expect(meter.take(-1) == 0)
        #expect(meter.take(20) == 6)
        #expect(meter.isComplete)
        #expect(meter.take(1) == 0)
        #expect(BodyMeter(length: 0).isComplete)
    }
}
