/// Trailer fields, between protocols: as field lines of HTTP/1.1.
public enum Trailers {
    /// Appends one as a line, unless it frames a message or could break out of its line (RFC 9110, section 6.5.1).
    public static func append(name: RawSpan, value: RawSpan, to lines: inout [UInt8]) {
        guard value.isText(), isToken(name), !FieldKind.named(name, 0..<name.byteCount, isPlain: true).endsHere else {
            return
        }
        lines.appendLine(name, value)
    }

    /// Tells name and value of each whole line.
    public static func forEach(in lines: RawSpan, _ tell: (_ name: RawSpan, _ value: RawSpan) -> Void) {
        var position = 0
        while position < lines.byteCount {
            guard let line = try? FieldLine.read(lines, at: &position) else { return }
            tell(lines.extracting(line.name), lines.extracting(line.value.range))
        }
    }

    private static func isToken(_ name: RawSpan) -> Bool {
        name.byteCount > 0 && (0..<name.byteCount).allSatisfy { OctetSet.token.contains(name[octet: $0]) }
    }
}

extension FieldKind {
    /// Whoever merged it into a head would read another message, or take it for what the proxy says.
    fileprivate var endsHere: Bool {
        switch self {
        case .contentLength, .transferEncoding, .connection, .upgrade, .trailer, .hopByHop, .host, .authorization,
            .cookie,
            .setCookie, .forwarded, .companionCredential, .alias:
            true
        default: false
        }
    }
}
