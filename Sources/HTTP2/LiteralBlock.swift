/// Writes header fields as HPACK literals that neither side remembers (RFC 7541, sections 6.2.2 and 6.2.3), uncompressed.
///
/// For requests on the short way to a workspace: nghttp2 would put every bearer through Huffman coding, which costs more than
/// the bytes it saves there.
enum LiteralBlock {
    static func append(_ fields: borrowing HTTP2Fields, to block: inout [UInt8]) {
        fields.forEach { name, value in append(name, value, to: &block) }
    }

    private static func append(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>, to block: inout [UInt8]) {
        if let whole = indexOfField(name, value) { return block.append(0x80 | whole) }
        // A field that tells who is asking is marked, so that nobody further on remembers it either.
        let kind: UInt8 = tellsWho(name) ? 0x10 : 0
        if let index = indexOfName(name) {
            block.append(kind | index)
        } else {
            block.append(kind)
            append(text: name, to: &block)
        }
        append(text: value, to: &block)
    }

    /// Where the static table holds the field as a whole (RFC 7541, appendix A).
    private static func indexOfField(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> UInt8? {
        guard name.first == colon, let second = name.dropFirst().first else { return nil }
        switch second {
        case UInt8(ascii: "m") where value.elementsEqual(get): return 2
        case UInt8(ascii: "m") where value.elementsEqual(post): return 3
        case UInt8(ascii: "s") where value.elementsEqual(https): return 7
        default: return nil
        }
    }

    /// Where it holds the name of a pseudo field.
    private static func indexOfName(_ name: ArraySlice<UInt8>) -> UInt8? {
        guard name.first == colon, let second = name.dropFirst().first else { return nil }
        switch second {
        case UInt8(ascii: "a"): return 1
        case UInt8(ascii: "m"): return 2
        case UInt8(ascii: "p"): return 4
        case UInt8(ascii: "s"): return 6
        default: return nil
        }
    }

    private static func tellsWho(_ name: ArraySlice<UInt8>) -> Bool {
        name.elementsEqual(authorization) || name.elementsEqual(cookie)
    }

    /// Length and bytes (RFC 7541, sections 5.1 and 5.2).
    private static func append(text: ArraySlice<UInt8>, to block: inout [UInt8]) {
        if text.count < 0x7f {
            block.append(UInt8(truncatingIfNeeded: text.count))
        } else {
            block.append(0x7f)
            append(rest: text.count - 0x7f, to: &block)
        }
        block.append(contentsOf: text)
    }

    private static func append(rest: Int, to block: inout [UInt8]) {
        var rest = rest
        while rest >= 0x80 {
            block.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        block.append(UInt8(truncatingIfNeeded: rest))
    }

    private static let colon = UInt8(ascii: ":")
    private static let get = Array("GET".utf8)
    private static let post = Array("POST".utf8)
    private static let https = Array("https".utf8)
    private static let authorization = Array("authorization".utf8)
    private static let cookie = Array("cookie".utf8)
}
