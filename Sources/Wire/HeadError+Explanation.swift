extension HeadError {
    /// A sentence or two for whoever sent the head; nothing of it is repeated, so that they are safe to show anywhere.
    public func explanation(_ limits: HeadLimits) -> String {
        switch self {
        case .requestLineMalformed: "The request line is not METHOD SP target SP HTTP/1.1."
        case .methodUnknown: "The request method is not known here."
        case .methodForbidden: "CONNECT and TRACE are not allowed."
        case .versionUnsupported: "Only HTTP/1.1 and HTTP/1.0 are spoken on this connection."
        case .targetTooLong:
            "The request target is longer than \(limits.target) bytes, a fixed limit. Send what is long in a body."
        case .targetInvalid: "The request target is not a path, an http or https URL, or * with OPTIONS."
        case .targetFragment: "The request target contains a # that is not percent-encoded."
        case .pathDotSegment: "The path contains a . or .. segment."
        case .pathEncodedNUL: "The path contains an encoded NUL."
        case .pathEncodingInvalid: "The path contains a % that does not start a valid encoding."
        case .pathDisguised: "The path is an indirect spelling of a path that belongs to the proxy."
        case .statusLineMalformed: "The status line is not HTTP/1.1 SP status SP reason."
        case .statusUnexpected: "The status is outside 100 to 599."
        case .upgradeUnasked: "The answer switches to a protocol that was not asked for."
        case .headTooLarge:
            "The head is larger than \(limits.bytes) bytes, a fixed limit (over HTTP/2 each field counts "
                + "32 more). Send fewer or smaller fields; cookies are the usual cause."
        case .tooManyFields:
            "The head has more than \(limits.fields) fields, a fixed limit. Send fewer."
        case .bareCR: "A CR is not followed by LF."
        case .bareLF: "A line ends with LF alone."
        case .controlCharacter: "The head contains a control character."
        case .lineFolded: "A field line starts with white space."
        case .nameEmpty: "A field has no name."
        case .nameInvalid: "A field name contains a character that names must not have."
        case .spaceBeforeColon: "There is white space between a field name and its colon."
        case .colonMissing: "A field line has no colon."
        case .hostMissing: "There is no Host field."
        case .hostDuplicate: "There is more than one Host field."
        case .hostInvalid: "The host is not a name or address with an optional port."
        case .fieldDuplicate: "A field that may appear once appears again."
        case .expectationUnknown: "Expect is not 100-continue."
        case .connectionInvalid: "Connection is not a list of field names and options."
        case .tooManyConnectionOptions:
            "Connection names more than \(ConnectionOptions.mostNominations) fields, or has more than "
                + "\(ConnectionOptions.mostElements) options; these limits are fixed."
        case .contentLengthInvalid: "Content-Length is not a decimal number."
        case .contentLengthDuplicate: "There is more than one Content-Length."
        case .transferEncodingUnsupported: "The only transfer coding understood is chunked."
        case .transferEncodingDuplicate: "There is more than one Transfer-Encoding."
        case .transferEncodingInHTTP10: "Transfer-Encoding does not exist in HTTP/1.0."
        case .lengthAndTransferEncoding: "Content-Length and Transfer-Encoding exclude each other."
        case .bodyForbidden: "This status cannot have a body, yet a transfer coding is announced."
        }
    }
}
