/// Where a browser goes that is given an address: a second reading of the WHATWG's rules for URLs, as far as it concerns
/// the origin, which knows nothing of how we judge a path.
enum WebAddress {
    private static let special = ["https", "http", "ws", "wss", "ftp"]

    /// Scheme and authority that `text` stands for on a page at `base`, in small letters.
    static func origin(of text: String, at base: String) -> String {
        let input = cleaned(text)
        guard let colon = input.firstIndex(of: ":"), isScheme(input[..<colon]) else {
            return relative(input, to: base)
        }
        let (scheme, rest) = (input[..<colon].lowercased(), input[input.index(after: colon)...])
        guard special.contains(scheme) else { return "\(scheme):" }
        // A special scheme without slashes is relative to a base of the same scheme.
        if rest.first.map(isSlash) != true, base.hasPrefix("\(scheme):") { return relative(String(rest), to: base) }
        return "\(scheme)://\(host(in: rest.drop(while: isSlash)))"
    }

    /// Every %XX as what it stands for.
    static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard byte == 0x25, digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit),
                let value = UInt8(digits, radix: 16)
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func relative(_ text: String, to base: String) -> String {
        let parts = base.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        let slashes = text.prefix(while: isSlash).count
        guard slashes >= 2 else { return "\(parts[0])//\(parts[2].prefix { $0 != "/" })" }
        return "\(parts[0])//\(host(in: text.drop(while: isSlash)))"
    }

    /// Behind the last @, up to the path.
    private static func host(in text: Substring) -> String {
        let authority = text.prefix { !isSlash($0) && $0 != "?" && $0 != "#" }
        return String(authority.split(separator: "@", omittingEmptySubsequences: false).last ?? "").lowercased()
    }

    /// Browsers cut control characters and blanks off both ends, and take tabs and line ends out everywhere.
    private static func cleaned(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)[...]
        while let first = scalars.first, first.value <= 0x20 { scalars.removeFirst() }
        while let last = scalars.last, last.value <= 0x20 { scalars.removeLast() }
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: scalars.filter { ![0x09, 0x0A, 0x0D].contains($0.value) })
        return String(kept)
    }

    private static func isScheme(_ text: Substring) -> Bool {
        text.first?.isLetter == true
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    }

    private static func isSlash(_ character: Character) -> Bool { character == "/" || character == "\\" }
}
