import FoundationEssentials

/// Decodes JSON from outside after a look at its size and depth, so that a hostile document costs little.
package enum BoundedJSON {
    package static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8], longest: Int = 256 * 1024, deepest: Int = 32
    ) -> Value? {
        guard bytes.count <= longest, depth(of: bytes) <= deepest else { return nil }
        return try? JSONDecoder().decode(type, from: Data(bytes))
    }

    /// How deep brackets are nested outside of strings, whether or not they match.
    private static func depth(of bytes: [UInt8]) -> Int {
        var depth = 0
        var deepest = 0
        var inString = false
        var escaped = false
        for byte in bytes {
            if inString {
                (inString, escaped) = (escaped || byte != UInt8(ascii: "\""), !escaped && byte == UInt8(ascii: "\\"))
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
        return deepest
    }
}
