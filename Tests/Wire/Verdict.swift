@testable import Wire

/// What a parser made of bytes, in terms that two parsers can be compared by.
enum Verdict: Equatable {
    /// Refused in the head or in the body; the word is for counting.
    case refused(String)
    /// No head yet.
    case waiting
    case read(Reading)
}

struct Reading: Equatable {
    /// Method, target and version, or status and version.
    var first = ""
    var fields: [String] = []
    var body: [UInt8] = []
    /// The message is at its end.
    var isWhole = false
}

enum BodyKind {
    case none, rest
    case length(UInt64)
    case chunked
}

func ourRequest(_ bytes: [UInt8]) -> Verdict {
    let (progress, head) = parse(bytes)
    switch progress {
    case .incomplete: return .waiting
    case .invalid(let error): return .refused(error.rawValue)
    case .complete(let length):
        let target = Int(head.methodSlice.range.upperBound) + 1..<head.line.end - 11
        let words = [bytes[head.methodSlice.range], bytes[target]].map { String(decoding: $0, as: UTF8.self) }
        let first = words.joined(separator: " ") + (head.isHTTP10 ? " 1.0" : " 1.1")
        let body: BodyKind =
            switch head.framing {
            case .none: .none
            case .length(let count): .length(count)
            case .chunked: .chunked
            }
        return finished(Reading(first: first, fields: lines(head.fields, bytes)), body, bytes, length)
    }
}

func ourResponse(_ bytes: [UInt8], to method: Wire.HTTPMethod) -> Verdict {
    let (progress, head) = parseResponse(bytes, to: method)
    switch progress {
    case .incomplete: return .waiting
    case .invalid(let error): return .refused(error.rawValue)
    case .complete(let length):
        let first = "\(head.status)" + (head.isHTTP10 ? " 1.0" : " 1.1")
        let body: BodyKind =
            switch head.framing {
            case .none: .none
            case .length(let count): .length(count)
            case .chunked: .chunked
            case .untilClose: .rest
            }
        return finished(Reading(first: first, fields: lines(head.fields, bytes)), body, bytes, length)
    }
}

private func lines(_ section: FieldSection, _ bytes: [UInt8]) -> [String] {
    section.lines.map { line in
        String(decoding: bytes[line.name], as: UTF8.self) + ":"
            + String(decoding: bytes[line.value.range], as: UTF8.self)
    }
}

private func finished(_ head: Reading, _ body: BodyKind, _ bytes: [UInt8], _ length: Int) -> Verdict {
    var reading = head
    switch body {
    case .none: reading.isWhole = true
    case .rest: reading.body = Array(bytes[length...])
    case .length(let count):
        var meter = BodyMeter(length: count)
        reading.body = Array(bytes[length..<length + meter.take(bytes.count - length)])
        reading.isWhole = meter.isComplete
    case .chunked: return chunked(reading, bytes, length)
    }
    return .read(reading)
}

private func chunked(_ head: Reading, _ bytes: [UInt8], _ length: Int) -> Verdict {
    var reading = head
    var decoder = ChunkedDecoder()
    var offset = length
    while true {
        switch decoder.next(bytes.span.bytes, from: offset) {
        case .data(let range):
            reading.body += bytes[range]
            offset = range.upperBound
        case .needMore: return .read(reading)
        case .invalid(let error): return .refused(error.rawValue)
        case .end:
            reading.isWhole = true
            return .read(reading)
        }
    }
}
