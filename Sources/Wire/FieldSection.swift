/// The field lines of a head, read and checked; reused from head to head.
struct FieldSection: Sendable {
    private(set) var lines: [FieldLine] = []
    private(set) var connection = ConnectionOptions()
    private(set) var contentLength: UInt64?
    private(set) var isChunked = false
    /// One bit for each kind that occurred.
    private var seen: UInt64 = 0

    @inline(__always)
    func has(_ kind: FieldKind) -> Bool { seen & kind.bit != 0 }

    /// The value of the first field of a kind, empty or not.
    func value(of kind: FieldKind) -> Slice? {
        guard has(kind) else { return nil }
        for index in lines.indices where lines[index].kind == kind { return lines[index].value }
        return nil
    }

    mutating func reset() {
        lines.removeAll(keepingCapacity: true)
        connection.reset()
        contentLength = nil
        isChunked = false
        seen = 0
    }

    /// Reads lines from `position` up to and including the empty line, and moves behind it.
    ///
    /// - Parameter singletons: Kinds that may occur once, as a set of ``FieldKind/bit``.
    mutating func read(
        _ bytes: RawSpan, at position: inout Int, most limit: Int, singletons: UInt64
    ) throws(Stop) {
        while try bytes.arrived(at: position) != .carriageReturn {
            guard lines.count < limit else { throw .invalid(.tooManyFields) }
            let line = try FieldLine.read(bytes, at: &position)
            if line.kind != .other {
                try admit(bytes, line, singletons)
            }
            lines.append(line)
        }
        guard try bytes.arrived(at: position + 1) == .lineFeed else { throw .invalid(.bareCR) }
        position += 2
        if !connection.nominations.isEmpty { markNominated(bytes) }
    }

    private mutating func admit(_ bytes: RawSpan, _ line: FieldLine, _ singletons: UInt64) throws(Stop) {
        if seen & line.kind.bit & singletons != 0 { throw .invalid(line.kind.duplicateError) }
        seen |= line.kind.bit
        switch line.kind {
        case .contentLength:
            guard line.isSnug(bytes) else { throw .invalid(.contentLengthInvalid) }
            contentLength = try ContentLength.read(bytes, line.value.range)
        case .connection: try connection.read(bytes, line.value.range)
        case .transferEncoding:
            guard bytes.equalsFolded("chunked", at: line.value.range), line.isSnug(bytes) else {
                throw .invalid(.transferEncodingUnsupported)
            }
            isChunked = true
        default: break
        }
    }

    private mutating func markNominated(_ bytes: RawSpan) {
        for index in lines.indices {
            for nomination in connection.nominations
            where bytes.equalIgnoringCase(lines[index].name, nomination.range) {
                lines[index].isNominated = true
            }
        }
    }
}

extension FieldKind {
    /// Framing fields in either direction; a second one is an attempt to desynchronise.
    static let framingSingletons = FieldKind.contentLength.bit | FieldKind.transferEncoding.bit

    /// What decisions are made on must mean the same to whoever reads the first, the last or all of them.
    static let requestSingletons =
        framingSingletons | FieldKind.host.bit | FieldKind.authorization.bit | FieldKind.expect.bit
        | FieldKind.origin.bit | FieldKind.contentType.bit | FieldKind.secFetchMode.bit
        | FieldKind.secFetchDest.bit | FieldKind.secFetchSite.bit

    var duplicateError: HeadError {
        switch self {
        case .contentLength: .contentLengthDuplicate
        case .transferEncoding: .transferEncodingDuplicate
        case .host: .hostDuplicate
        default: .fieldDuplicate
        }
    }
}
