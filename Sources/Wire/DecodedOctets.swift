/// The octets that a path stands for, percent-encoding undone once, and what may not be encoded refused.
struct DecodedOctets {
    private let end: Int
    private var position: Int

    init(_ path: Range<Int>) {
        position = path.lowerBound
        end = path.upperBound
    }

    mutating func next(in bytes: RawSpan) throws(HeadError) -> UInt8? {
        guard position < end else { return nil }
        let octet = bytes[octet: position]
        position += 1
        guard octet == UInt8(ascii: "%") else { return octet }
        guard position + 2 <= end, let high = bytes[octet: position].hexValue,
            let low = bytes[octet: position + 1].hexValue
        else { throw .pathEncodingInvalid }
        position += 2
        return try Self.checked(high << 4 | low)
    }

    private static func checked(_ octet: UInt8) throws(HeadError) -> UInt8 {
        switch octet {
        case 0: throw .pathEncodedNUL
        case 0xC0, 0xC1: throw .pathEncodingInvalid
        default: return octet
        }
    }
}
