/// What the next bytes of a chunked body are.
public enum ChunkEvent: Equatable, Sendable {
    /// Bytes of the body, as indices into the span; never empty. Continue at the upper bound.
    case data(Range<Int>)
    /// Everything in the span is used up.
    case needMore
    /// The body is over; `consumed` is the index behind its last byte, where the next message starts.
    case end(consumed: Int)
    case invalid(ChunkError)
}

/// What is wrong with a chunked body.
public enum ChunkError: String, Error, Sendable, Hashable, CaseIterable {
    case sizeMissing, sizeInvalid, sizeTooLarge, lineEndInvalid, dataEndInvalid
    case extensionInvalid, extensionTooLong, trailerInvalid, trailerForbidden, trailersTooLong
    /// The body had already ended or failed.
    case alreadyOver
}

/// Decodes the chunked transfer coding (RFC 9112, section 7.1) from pieces of any size; trailers are dropped.
///
/// Sizes are hexadecimal digits with nothing around them, lines end with CR LF, extensions are `;name=value` without
/// blanks. Extensions and trailers are bounded, and a trailer cannot be a framing field.
public struct ChunkedDecoder: Sendable {
    enum State: Equatable, Sendable {
        case sizeStart, size, sizeLF
        case inExtension(ChunkExtension)
        case data, dataCR, dataLF
        case trailerStart, trailerName, trailerValue, trailerLF, endLF
        case over
        case failed(ChunkError)
    }

    private var state = State.sizeStart
    /// The size while it is read, then the bytes of the chunk that are still to come.
    private var remaining: UInt64 = 0
    private var digits = 0
    private var extensionBytes = 0
    private var trailerBytes = 0
    private var trailerName = TrailerName()
    /// Extensions are overhead that somebody has to earn: this much at first, then an eighth of the data.
    private var extensionCredit: UInt64 = 16_384

    static let longestExtension = 1024
    static let longestTrailers = 8192

    public init() {}

    public var isOver: Bool { state == .over }

    /// Reads on at an offset; call again with the upper bound of each `data` until another event comes.
    public mutating func next(_ bytes: RawSpan, from offset: Int) -> ChunkEvent {
        if case .failed(let error) = state { return .invalid(error) }
        guard state != .over else { return .invalid(.alreadyOver) }
        var position = offset
        while position < bytes.byteCount {
            if state == .data { return takeData(position, bytes.byteCount - position) }
            do throws(ChunkError) {
                try step(bytes[octet: position])
            } catch {
                state = .failed(error)
                return .invalid(error)
            }
            position += 1
            if state == .over { return .end(consumed: position) }
        }
        return .needMore
    }

    private mutating func takeData(_ position: Int, _ available: Int) -> ChunkEvent {
        let taken = min(UInt64(available), remaining)
        remaining -= taken
        extensionCredit += taken >> 3
        if remaining == 0 { state = .dataCR }
        return .data(position..<position + Int(taken))
    }

    /// Moves on by one octet that is not data.
    @inline(__always)
    private mutating func step(_ octet: UInt8) throws(ChunkError) {
        switch state {
        case .sizeStart, .size: try readSize(octet)
        case .inExtension(let part): try readExtension(octet, part)
        case .sizeLF: try expect(.lineFeed, octet, .lineEndInvalid, then: remaining == 0 ? .trailerStart : .data)
        case .dataCR: try expect(.carriageReturn, octet, .dataEndInvalid, then: .dataLF)
        case .dataLF: try expect(.lineFeed, octet, .dataEndInvalid, then: .sizeStart)
        case .trailerStart, .trailerName, .trailerValue: try readTrailer(octet)
        case .trailerLF: try expect(.lineFeed, octet, .trailerInvalid, then: .trailerStart)
        case .endLF: try expect(.lineFeed, octet, .trailerInvalid, then: .over)
        case .data, .over, .failed: break
        }
    }

    private mutating func expect(
        _ wanted: UInt8, _ octet: UInt8, _ error: ChunkError, then next: State
    ) throws(ChunkError) {
        guard octet == wanted else { throw error }
        state = next
    }

    private mutating func readSize(_ octet: UInt8) throws(ChunkError) {
        if state == .sizeStart {
            guard octet.hexValue != nil else { throw .sizeMissing }
            remaining = 0
            digits = 0
            extensionBytes = 0
            state = .size
        }
        if let value = octet.hexValue {
            digits += 1
            guard digits <= 16, remaining >> 59 == 0 else { throw .sizeTooLarge }
            remaining = remaining << 4 | UInt64(value)
        } else if octet == .carriageReturn {
            state = .sizeLF
        } else {
            guard octet == UInt8(ascii: ";") else { throw .sizeInvalid }
            state = .inExtension(.nameStart)
        }
    }

    private mutating func readExtension(_ octet: UInt8, _ part: ChunkExtension) throws(ChunkError) {
        if octet == .carriageReturn, part.mayEnd {
            state = .sizeLF
            return
        }
        guard let next = part.next(octet) else { throw .extensionInvalid }
        extensionBytes += 1
        guard extensionBytes <= Self.longestExtension, extensionCredit > 0 else { throw .extensionTooLong }
        extensionCredit -= 1
        state = .inExtension(next)
    }

    private mutating func readTrailer(_ octet: UInt8) throws(ChunkError) {
        trailerBytes += 1
        guard trailerBytes <= Self.longestTrailers else { throw .trailersTooLong }
        switch (state, octet) {
        case (.trailerStart, .carriageReturn): state = .endLF
        case (.trailerName, UInt8(ascii: ":")):
            guard !trailerName.isFraming else { throw .trailerForbidden }
            state = .trailerValue
        case (.trailerValue, .carriageReturn): state = .trailerLF
        case (.trailerValue, _):
            guard octet >= 0x20 && octet != 0x7F || octet == .tab else { throw .trailerInvalid }
        default:
            guard OctetSet.token.contains(octet) else { throw .trailerInvalid }
            if state == .trailerStart { trailerName = TrailerName() }
            trailerName.append(octet)
            state = .trailerName
        }
    }
}
