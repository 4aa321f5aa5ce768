extension RawSpan {
    /// The first octet at or after an offset that is a control other than the tab, or the end of the span.
    ///
    /// Eight octets are looked at in one step: an octet is suspicious if subtracting 0x20 borrows into its top
    /// bit, or if it equals 0x7F. A borrow can only mark octets *after* a real one, so nothing is missed; the slow
    /// step below decides about each.
    @inline(__always)
    func firstControl(from offset: Int) -> Int {
        var position = offset
        while position + 8 <= byteCount {
            let suspicion = Self.suspicion(word(at: position))
            if suspicion == 0 {
                position += 8
                continue
            }
            position += suspicion.trailingZeroBitCount >> 3
            if Self.isControl(self[octet: position]) { return position }
            position += 1
        }
        while position < byteCount, !Self.isControl(self[octet: position]) { position += 1 }
        return position
    }

    /// Whether there is no control but the tab; takes larger steps than lines of a head are worth.
    func isText() -> Bool {
        var position = 0
        while position + 32 <= byteCount {
            let first = Self.suspicion(word(at: position)) | Self.suspicion(word(at: position + 8))
            let second = Self.suspicion(word(at: position + 16)) | Self.suspicion(word(at: position + 24))
            if first | second != 0 { break }
            position += 32
        }
        return firstControl(from: position) == byteCount
    }

    @inline(__always)
    private static func suspicion(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let deletes = word ^ (ones &* 0x7F)
        let low = (word &- ones &* 0x20) & ~word
        let delete = (deletes &- ones) & ~deletes
        return (low | delete) & (ones &* 0x80)
    }

    @inline(__always)
    private static func isControl(_ octet: UInt8) -> Bool {
        octet < 0x20 && octet != .tab || octet == 0x7F
    }

    /// Where the text that starts at an offset ends with CR LF; returns the offset of the CR.
    @inline(__always)
    func endOfLine(from offset: Int) throws(Stop) -> Int {
        let end = firstControl(from: offset)
        switch try arrived(at: end) {
        case .carriageReturn:
            guard try arrived(at: end + 1) == .lineFeed else { throw .invalid(.bareCR) }
            return end
        case .lineFeed: throw .invalid(.bareLF)
        default: throw .invalid(.controlCharacter)
        }
    }

    /// Whether an empty line stands at or after an offset, however the lines end.
    func hasEmptyLine(from offset: Int) -> Bool {
        var position = max(0, offset)
        while true {
            position = firstControl(from: position)
            guard position < byteCount else { return false }
            if self[octet: position] == .lineFeed, emptyLine(at: position + 1) { return true }
            position += 1
        }
    }

    private func emptyLine(at start: Int) -> Bool {
        guard start < byteCount else { return false }
        if self[octet: start] == .lineFeed { return true }
        return start + 1 < byteCount && self[octet: start] == .carriageReturn && self[octet: start + 1] == .lineFeed
    }
}
