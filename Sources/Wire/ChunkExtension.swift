/// Where in `;name=value` or `;name="value"` an octet of a chunk extension stands (RFC 9112, section 7.1.1).
enum ChunkExtension: Equatable, Sendable {
    case nameStart, name, valueStart, value, quoted, escaped, quoteEnd

    /// The line may end behind what has been read.
    var mayEnd: Bool {
        switch self {
        case .name, .value, .quoteEnd: true
        case .nameStart, .valueStart, .quoted, .escaped: false
        }
    }

    /// Where the next octet stands, or `nil` if it cannot be there; blanks outside quotes cannot.
    func next(_ octet: UInt8) -> ChunkExtension? {
        let isToken = OctetSet.token.contains(octet)
        let isText = octet >= 0x20 && octet != 0x7F || octet == .tab
        switch (self, octet) {
        case (.name, UInt8(ascii: ";")), (.value, UInt8(ascii: ";")), (.quoteEnd, UInt8(ascii: ";")): return .nameStart
        case (.name, UInt8(ascii: "=")): return .valueStart
        case (.valueStart, UInt8(ascii: "\"")): return .quoted
        case (.quoted, UInt8(ascii: "\"")): return .quoteEnd
        case (.quoted, UInt8(ascii: "\\")): return .escaped
        case (.nameStart, _), (.name, _): return isToken ? .name : nil
        case (.valueStart, _), (.value, _): return isToken ? .value : nil
        case (.quoted, _), (.escaped, _): return isText ? .quoted : nil
        case (.quoteEnd, _): return nil
        }
    }
}
