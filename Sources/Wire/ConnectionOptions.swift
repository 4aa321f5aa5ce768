/// What the Connection fields of one head say.
struct ConnectionOptions: Sendable {
    var closes = false
    var keepsAlive = false
    var upgrades = false
    /// Names of fields that end here (RFC 9110, section 7.6.1).
    var nominations: [Slice] = []

    /// Each nomination is compared with each field, so their number bounds the work.
    static let mostNominations = 16
    static let mostElements = 64

    mutating func reset() {
        closes = false
        keepsAlive = false
        upgrades = false
        nominations.removeAll(keepingCapacity: true)
    }

    mutating func read(_ bytes: RawSpan, _ value: Range<Int>) throws(Stop) {
        var start = value.lowerBound
        var elements = 0
        while start < value.upperBound {
            var end = start
            while end < value.upperBound, bytes[octet: end] != UInt8(ascii: ",") { end += 1 }
            elements += 1
            guard elements <= Self.mostElements else { throw .invalid(.tooManyConnectionOptions) }
            try admit(bytes, bytes.trimmed(start, end))
            start = end + 1
        }
    }

    private mutating func admit(_ bytes: RawSpan, _ option: Range<Int>) throws(Stop) {
        for position in option where !OctetSet.token.contains(bytes[octet: position]) {
            throw .invalid(.connectionInvalid)
        }
        switch option.count {
        case 0: return
        case 5 where bytes.equalsFolded("close", at: option): closes = true
        case 7 where bytes.equalsFolded("upgrade", at: option): upgrades = true
        case 10 where bytes.equalsFolded("keep-alive", at: option): keepsAlive = true
        default:
            guard nominations.count < Self.mostNominations else { throw .invalid(.tooManyConnectionOptions) }
            nominations.append(Slice(option.lowerBound, option.upperBound))
        }
    }
}
