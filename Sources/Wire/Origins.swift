extension RawSpan {
    /// What follows an origin (given in lower case, without a slash at its end) in a URL that begins with it; `nil` for one that
    /// does not, such as a longer host name. A port 443 counts as none.
    func rest(of url: Range<Int>, behindOrigin origin: [UInt8]) -> Range<Int>? {
        guard url.count >= origin.count else { return nil }
        for index in origin.indices where self[octet: url.lowerBound + index].lowercased != origin[index] { return nil }
        var rest = url.lowerBound + origin.count..<url.upperBound
        if rest.count >= 4, equals(":443", at: rest.lowerBound..<rest.lowerBound + 4) {
            rest = rest.lowerBound + 4..<rest.upperBound
        }
        guard let next = rest.first.map({ self[octet: $0] }) else { return rest }
        return [UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains(next) ? rest : nil
    }
}

extension ResponseHead {
    /// The same head with a body of this length behind it.
    public func withLength(_ length: Int, from bytes: RawSpan) -> [UInt8] {
        var out: [UInt8] = []
        out.append(bytes, 0..<lineEnd)
        for line in fields.lines where line.kind != .contentLength && line.kind != .transferEncoding {
            out.append(bytes, Int(line.start)..<Int(line.end))
        }
        out.appendContentLength(UInt64(length))
        out.append("\r\n")
        return out
    }
}
