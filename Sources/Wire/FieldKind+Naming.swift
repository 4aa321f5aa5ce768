extension FieldKind {
    /// The kind of a field by its name, which must be a token.
    @inline(__always)
    static func named(_ bytes: RawSpan, _ name: Range<Int>, isPlain: Bool) -> FieldKind {
        isPlain ? exact(bytes, name) : lookalike(bytes, name)
    }

    private static func exact(_ bytes: RawSpan, _ name: Range<Int>) -> FieldKind {
        switch bytes[octet: name.lowerBound] | 0x20 {
        case UInt8(ascii: "x"): startingWithX(bytes, name)
        case UInt8(ascii: "p"): bytes.starts(with: "proxy-", at: name.lowerBound, folding: 0x20) ? .hopByHop : .other
        case UInt8(ascii: "c"): startingWithC(bytes, name)
        case UInt8(ascii: "a"): startingWithA(bytes, name)
        case UInt8(ascii: "s"): startingWithS(bytes, name)
        case UInt8(ascii: "t"): startingWithT(bytes, name)
        default: remaining(bytes, name)
        }
    }

    private static func startingWithX(_ bytes: RawSpan, _ name: Range<Int>) -> FieldKind {
        if bytes.starts(with: "x-forwarded", at: name.lowerBound, folding: 0x20) { return .forwarded }
        switch name.count {
        case 9: return bytes.equalsFolded("x-real-ip", at: name) ? .forwarded : .other
        case 12: return bytes.equalsFolded("x-request-id", at: name) ? .xRequestID : .other
        case 26: return bytes.equalsFolded("x-databricks-reason-phrase", at: name) ? .xDatabricksReasonPhrase : .other
        case 32:
            return bytes.equalsFolded("x-databricks-gcp-sa-access-token", at: name) ? .companionCredential : .other
        case 38:
            return bytes.equalsFolded("x-databricks-azure-sp-management-token", at: name)
                ? .companionCredential : .other
        case 40:
            return bytes.equalsFolded("x-databricks-azure-workspace-resource-id", at: name)
                ? .companionCredential : .other
        default: return .other
        }
    }

    private static func startingWithC(_ bytes: RawSpan, _ name: Range<Int>) -> FieldKind {
        switch name.count {
        case 6: bytes.equalsFolded("cookie", at: name) ? .cookie : .other
        case 10: bytes.equalsFolded("connection", at: name) ? .connection : .other
        case 12: bytes.equalsFolded("content-type", at: name) ? .contentType : .other
        case 14: bytes.equalsFolded("content-length", at: name) ? .contentLength : .other
        case 16: bytes.equalsFolded("content-encoding", at: name) ? .contentEncoding : .other
        default: .other
        }
    }

    private static func startingWithA(_ bytes: RawSpan, _ name: Range<Int>) -> FieldKind {
        switch name.count {
        case 6: bytes.equalsFolded("accept", at: name) ? .accept : .other
        case 7: bytes.equalsFolded("alt-svc", at: name) ? .altSvc : .other
        case 13: bytes.equalsFolded("authorization", at: name) ? .authorization : .other
        case 15: bytes.equalsFolded("accept-encoding", at: name) ? .acceptEncoding : .other
        default: .other
        }
    }

    private static func startingWithS(_ bytes: RawSpan, _ name: Range<Int>) -> FieldKind {
        switch name.count {
        case 10: bytes.equalsFolded("set-cookie", at: name) ? .setCookie : .other
        case 14:
            if bytes.equalsFolded("sec-fetch-mode", at: name) {
                .secFetchMode
            } else if bytes.equalsFolded("sec-fetch-dest", at: name) {
                .secFetchDest
            } else if bytes.equalsFolded("sec-fetch-site", at: name) {
                .secFetchSite
            } else {
                .other
            }
        case 25: bytes.equalsFolded("strict-transport-security", at: name) ? .strictTransportSecurity : .other
        default: .other
        }
    }

    private static func startingWithT(_ bytes: RawSpan, _ name: Range<Int>) -> FieldKind {
        switch name.count {
        case 2: bytes.equalsFolded("te", at: name) ? .hopByHop : .other
        case 7: bytes.equalsFolded("trailer", at: name) ? .trailer : .other
        case 17: bytes.equalsFolded("transfer-encoding", at: name) ? .transferEncoding : .other
        default: .other
        }
    }

    private static func remaining(_ bytes: RawSpan, _ name: Range<Int>) -> FieldKind {
        switch name.count {
        case 4: bytes.equalsFolded("host", at: name) ? .host : .other
        case 6:
            if bytes.equalsFolded("expect", at: name) {
                .expect
            } else if bytes.equalsFolded("origin", at: name) {
                .origin
            } else {
                .other
            }
        case 7: bytes.equalsFolded("upgrade", at: name) ? .upgrade : .other
        case 8: bytes.equalsFolded("location", at: name) ? .location : .other
        case 9: bytes.equalsFolded("forwarded", at: name) ? .forwarded : .other
        case 10:
            if bytes.equalsFolded("user-agent", at: name) {
                .userAgent
            } else if bytes.equalsFolded("keep-alive", at: name) {
                .hopByHop
            } else {
                .other
            }
        case 11: bytes.equalsFolded("retry-after", at: name) ? .retryAfter : .other
        case 14: bytes.equalsFolded("http2-settings", at: name) ? .hopByHop : .other
        case 16: bytes.equalsFolded("www-authenticate", at: name) ? .wwwAuthenticate : .other
        default: .other
        }
    }

    /// Judges a name with unusual punctuation as a server would that turns punctuation into hyphens.
    private static func lookalike(_ bytes: RawSpan, _ name: Range<Int>) -> FieldKind {
        var copy = InlineArray<64, UInt8>(repeating: UInt8(ascii: "-"))
        let count = min(name.count, copy.count)
        for index in 0..<count {
            let octet = bytes[octet: name.lowerBound + index]
            if OctetSet.plainName.contains(octet) { copy[index] = octet }
        }
        // A name longer than the copy can only be one of those told by how they start.
        return exact(copy.span.bytes, 0..<count) == .other ? .other : .alias
    }
}
