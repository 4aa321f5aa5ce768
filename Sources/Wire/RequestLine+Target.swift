/// Where a request target ends and what was noticed on the way.
struct TargetScan {
    var start: Int
    /// Offset of the space behind the target.
    var end: Int
    var question: Int?
    /// Whether anything occurred that ``TargetPath`` has to look at more closely.
    var isSuspicious = false

    @inline(__always)
    static func run(_ bytes: RawSpan, from start: Int, limit: Int) throws(Stop) -> TargetScan {
        var scan = TargetScan(start: start, end: start)
        var previous: UInt8 = 0
        while true {
            let octet = try bytes.arrived(at: scan.end)
            guard OctetSet.target.contains(octet) else {
                guard octet == .space, scan.end > start else { throw fault(octet) }
                return scan
            }
            guard scan.end - start < limit else { throw .invalid(.targetTooLong) }
            if octet == UInt8(ascii: "?"), scan.question == nil { scan.question = scan.end }
            if octet == UInt8(ascii: "%") || octet == UInt8(ascii: ".") && previous == UInt8(ascii: "/") {
                scan.isSuspicious = true
            }
            previous = octet
            scan.end += 1
        }
    }

    private static func fault(_ octet: UInt8) -> Stop {
        switch octet {
        case UInt8(ascii: "#"): .invalid(.targetFragment)
        case .space, .carriageReturn, .lineFeed: .invalid(.requestLineMalformed)
        default: .invalid(.targetInvalid)
        }
    }
}

extension RequestLine {
    /// Tells the four forms of a target apart (RFC 9112, section 3.2) and splits it.
    mutating func split(_ bytes: RawSpan, _ scan: TargetScan) throws(Stop) {
        switch bytes[octet: scan.start] {
        case UInt8(ascii: "/"):
            try setOrigin(bytes, from: scan.start, scan)
        case UInt8(ascii: "*") where method == .options && scan.end == scan.start + 1:
            target = Slice(scan.start, scan.end)
            path = target
        default:
            try splitAbsolute(bytes, scan)
        }
    }

    private mutating func setOrigin(_ bytes: RawSpan, from start: Int, _ scan: TargetScan) throws(Stop) {
        let pathEnd = scan.question ?? scan.end
        target = Slice(start, scan.end)
        path = Slice(start, pathEnd)
        query = scan.question.map { Slice($0 + 1, scan.end) }
        guard scan.isSuspicious || TargetPath.mayBeLakegate(bytes, start..<pathEnd) else { return }
        do throws(HeadError) {
            isLakegates = try TargetPath.judge(bytes, start..<pathEnd) == .lakegate
        } catch {
            throw .invalid(error)
        }
    }

    private mutating func splitAbsolute(_ bytes: RawSpan, _ scan: TargetScan) throws(Stop) {
        let authorityStart: Int
        if bytes.starts(with: "https://", at: scan.start, folding: 0x20) {
            authorityStart = scan.start + 8
        } else if bytes.starts(with: "http://", at: scan.start, folding: 0x20) {
            authorityStart = scan.start + 7
        } else {
            throw .invalid(.targetInvalid)
        }
        var slash = authorityStart
        while slash < scan.end, bytes[octet: slash] != UInt8(ascii: "/"), slash != scan.question { slash += 1 }
        try Authority.check(bytes, authorityStart..<slash)
        authority = Slice(authorityStart, slash)
        if slash < scan.end, slash != scan.question {
            try setOrigin(bytes, from: slash, scan)
        } else {
            try setRoot(slashAt: authorityStart - 1, scan)
        }
    }

    /// `http://host` asks for `/`, and the second slash of `//` serves as the byte to forward.
    private mutating func setRoot(slashAt slash: Int, _ scan: TargetScan) throws(Stop) {
        // `http://host?query` would need a slash that is not there, and `OPTIONS http://host` means `*`.
        guard scan.question == nil, method != .options else { throw .invalid(.targetInvalid) }
        target = Slice(slash, slash + 1)
        path = target
    }
}
