/// What is wrong with a head, one case per fault.
///
/// Nothing of the peer's bytes is carried, so every case is safe to log and to count.
public enum HeadError: String, Error, Sendable, Hashable, CaseIterable {
    // The first line.
    case requestLineMalformed, methodUnknown, methodForbidden, versionUnsupported
    case targetTooLong, targetInvalid, targetFragment
    case pathDotSegment, pathEncodedNUL, pathEncodingInvalid, pathDisguised
    case statusLineMalformed, statusUnexpected, upgradeUnasked
    // Lines.
    case headTooLarge, tooManyFields, bareCR, bareLF, controlCharacter, lineFolded
    case nameEmpty, nameInvalid, spaceBeforeColon, colonMissing
    // What fields say.
    case hostMissing, hostDuplicate, hostInvalid, fieldDuplicate, expectationUnknown
    case connectionInvalid, tooManyConnectionOptions
    // Framing.
    case contentLengthInvalid, contentLengthDuplicate, transferEncodingUnsupported, transferEncodingDuplicate
    case transferEncodingInHTTP10, lengthAndTransferEncoding, bodyForbidden

    /// The status to answer a client with; a workspace's faulty head is a 502 whatever this says.
    public var status: Int {
        switch self {
        case .methodForbidden: 405
        case .targetTooLong: 414
        case .expectationUnknown: 417
        case .headTooLarge, .tooManyFields: 431
        case .methodUnknown, .transferEncodingUnsupported: 501
        case .statusLineMalformed, .statusUnexpected, .upgradeUnasked, .bodyForbidden: 502
        case .versionUnsupported: 505
        case .requestLineMalformed, .targetInvalid, .targetFragment, .pathDotSegment, .pathEncodedNUL,
            .pathEncodingInvalid, .pathDisguised, .bareCR, .bareLF, .controlCharacter, .lineFolded, .nameEmpty,
            .nameInvalid, .spaceBeforeColon, .colonMissing, .hostMissing, .hostDuplicate, .hostInvalid, .fieldDuplicate,
            .connectionInvalid, .tooManyConnectionOptions, .contentLengthInvalid, .contentLengthDuplicate,
            .transferEncodingDuplicate, .transferEncodingInHTTP10, .lengthAndTransferEncoding:
            400
        }
    }
}
