/// The first line of a request (RFC 9112, section 3).
struct RequestLine: Sendable {
    var method = HTTPMethod.get
    var methodSlice = Slice.empty
    var target = Slice.empty
    var path = Slice.empty
    var query: Slice?
    /// Of an absolute target, already checked.
    var authority: Slice?
    var isHTTP10 = false
    var isLakegates = false
    /// First byte after the line's CR LF.
    var end = 0

    /// Reads the line that starts at an offset.
    static func read(_ bytes: RawSpan, from start: Int, limit: Int) throws(Stop) -> RequestLine {
        var line = RequestLine()
        let methodEnd = try endOfMethod(bytes, from: start)
        line.methodSlice = Slice(start, methodEnd)
        line.method = try HTTPMethod.read(bytes, start..<methodEnd)
        let scan = try TargetScan.run(bytes, from: methodEnd + 1, limit: limit)
        try line.split(bytes, scan)
        line.isHTTP10 = try readVersion(bytes, at: scan.end + 1)
        line.end = scan.end + 11
        return line
    }

    private static func endOfMethod(_ bytes: RawSpan, from start: Int) throws(Stop) -> Int {
        var end = start
        while true {
            let octet = try bytes.arrived(at: end)
            if octet == .space, end > start { return end }
            guard OctetSet.token.contains(octet) else { throw .invalid(.requestLineMalformed) }
            guard end - start < HTTPMethod.longestName else { throw .invalid(.methodUnknown) }
            end += 1
        }
    }

    /// Reads `HTTP/1.1` or `HTTP/1.0` and the line's end, octet by octet so that a prefix is never misjudged.
    private static func readVersion(_ bytes: RawSpan, at start: Int) throws(Stop) -> Bool {
        let expected: InlineArray<5, UInt8> = [0x48, 0x54, 0x54, 0x50, 0x2F]
        for index in expected.indices where try bytes.arrived(at: start + index) != expected[index] {
            throw .invalid(.requestLineMalformed)
        }
        let major = try bytes.arrived(at: start + 5)
        guard major.isDigit else { throw .invalid(.requestLineMalformed) }
        guard try bytes.arrived(at: start + 6) == UInt8(ascii: ".") else { throw .invalid(.requestLineMalformed) }
        let minor = try bytes.arrived(at: start + 7)
        guard minor.isDigit else { throw .invalid(.requestLineMalformed) }
        guard major == UInt8(ascii: "1"), minor <= UInt8(ascii: "1") else { throw .invalid(.versionUnsupported) }
        guard try bytes.endOfLine(from: start + 8) == start + 8 else { throw .invalid(.requestLineMalformed) }
        return minor == UInt8(ascii: "0")
    }
}
