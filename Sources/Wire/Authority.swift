/// The host and optional port of a Host field or an absolute URL (RFC 9112, section 3.2; RFC 3986, section 3.2).
enum Authority {
    /// Accepts names of letters, digits, `-`, `.` and `_`, IPv4 addresses, IPv6 addresses in brackets, and a port.
    ///
    /// No user information, no percent-encoding, no empty host, no empty port.
    static func check(_ bytes: RawSpan, _ range: Range<Int>) throws(Stop) {
        guard 1...maximum ~= range.count else { throw .invalid(.hostInvalid) }
        let hostEnd =
            bytes[octet: range.lowerBound] == UInt8(ascii: "[")
            ? try literalEnd(bytes, range) : try nameEnd(bytes, range)
        guard hostEnd < range.upperBound else { return }
        guard bytes[octet: hostEnd] == UInt8(ascii: ":") else { throw .invalid(.hostInvalid) }
        try checkPort(bytes, hostEnd + 1..<range.upperBound)
    }

    private static func nameEnd(_ bytes: RawSpan, _ range: Range<Int>) throws(Stop) -> Int {
        var end = range.lowerBound
        while end < range.upperBound, OctetSet.hostName.contains(bytes[octet: end]) { end += 1 }
        guard end > range.lowerBound, end - range.lowerBound <= 255 else { throw .invalid(.hostInvalid) }
        return end
    }

    private static func literalEnd(_ bytes: RawSpan, _ range: Range<Int>) throws(Stop) -> Int {
        var end = range.lowerBound + 1
        var colons = 0
        while end < range.upperBound, bytes[octet: end] != UInt8(ascii: "]") {
            let octet = bytes[octet: end]
            if octet == UInt8(ascii: ":") { colons += 1 }
            guard octet.hexValue != nil || octet == UInt8(ascii: ":") || octet == UInt8(ascii: ".") else {
                throw .invalid(.hostInvalid)
            }
            end += 1
        }
        guard end < range.upperBound, colons >= 2, end - range.lowerBound <= 46 else { throw .invalid(.hostInvalid) }
        return end + 1
    }

    private static func checkPort(_ bytes: RawSpan, _ range: Range<Int>) throws(Stop) {
        guard 1...5 ~= range.count else { throw .invalid(.hostInvalid) }
        var port = 0
        for position in range {
            guard bytes[octet: position].isDigit else { throw .invalid(.hostInvalid) }
            port = port * 10 + Int(bytes[octet: position] &- 0x30)
        }
        guard port <= 65_535 else { throw .invalid(.hostInvalid) }
    }

    /// A name of 255, a colon and five digits.
    private static let maximum = 261
}
