/// Sets of ASCII characters, one bit per character, so that a look-up reads no memory.
struct OctetSet: Sendable {
    let low: UInt64
    let high: UInt64

    @inline(__always)
    func contains(_ octet: UInt8) -> Bool {
        let half = octet < 64 ? low : high
        return octet < 128 && half >> UInt64(octet & 63) & 1 == 1
    }

    /// `tchar`, what names and methods are made of (RFC 9110, section 5.6.2).
    @inline(__always)
    static var token: OctetSet { OctetSet(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE) }

    /// Letters, digits and the hyphen: names that nobody can mistake for another.
    @inline(__always)
    static var plainName: OctetSet { OctetSet(low: 0x03FF_2000_0000_0000, high: 0x07FF_FFFE_07FF_FFFE) }

    /// What a request target may contain: visible ASCII without `"`, `#`, `<`, `>` and `\`.
    ///
    /// `^`, `` ` ``, `{`, `|` and `}` are let through because browsers send them unencoded in queries.
    @inline(__always)
    static var target: OctetSet { OctetSet(low: 0xAFFF_FFF2_0000_0000, high: 0x7FFF_FFFF_EFFF_FFFF) }

    /// Letters, digits, `-`, `.` and `_`: names of hosts.
    @inline(__always)
    static var hostName: OctetSet { OctetSet(low: 0x03FF_6000_0000_0000, high: 0x07FF_FFFE_87FF_FFFE) }
}

extension UInt8 {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20

    @inline(__always)
    var isBlank: Bool { self == .space || self == .tab }

    @inline(__always)
    var isDigit: Bool { self &- 0x30 < 10 }

    @inline(__always)
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// The value of a hexadecimal digit.
    @inline(__always)
    var hexValue: UInt8? {
        if isDigit { return self &- 0x30 }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }
}
