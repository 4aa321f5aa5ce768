// Every read here goes through RawSpan's own bounds check. "unsafe" in the names of the loads is about
// reinterpreting types, and every bit pattern is a valid integer.
extension RawSpan {
    @inline(__always)
    subscript(octet offset: Int) -> UInt8 {
        unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The octet at an offset, which may not have arrived yet.
    @inline(__always)
    func arrived(at offset: Int) throws(Stop) -> UInt8 {
        guard offset < byteCount else { throw .incomplete }
        return self[octet: offset]
    }

    /// Whether a range holds exactly this text.
    @inline(__always)
    func equals(_ text: StaticString, at range: Range<Int>) -> Bool {
        range.count == text.utf8CodeUnitCount && starts(with: text, at: range.lowerBound, folding: 0)
    }

    /// Whether a range holds this text, letters compared without case; the text is given in lower case.
    ///
    /// Setting one bit folds case. Besides capitals it only turns controls into digits and punctuation, so the
    /// range must be known to hold no controls; the text consists of letters, digits and `-./:`.
    @inline(__always)
    func equalsFolded(_ text: StaticString, at range: Range<Int>) -> Bool {
        range.count == text.utf8CodeUnitCount && starts(with: text, at: range.lowerBound, folding: 0x20)
    }

    /// Whether the text stands at an offset; false if it would reach beyond the end.
    @inline(__always)
    func starts(with text: StaticString, at offset: Int, folding bit: UInt8) -> Bool {
        let count = text.utf8CodeUnitCount
        guard offset >= 0, byteCount - offset >= count else { return false }
        // The pointer is to a literal of `count` bytes, and `index` stays below it.
        let literal = text.utf8Start
        var index = 0
        while index + 8 <= count {
            let expected = UnsafeRawPointer(literal + index).loadUnaligned(as: UInt64.self)
            let fold = UInt64(bit) &* 0x0101_0101_0101_0101
            if UInt64(littleEndian: expected) != word(at: offset + index) | fold { return false }
            index += 8
        }
        while index < count {
            if literal[index] != self[octet: offset + index] | bit { return false }
            index += 1
        }
        return true
    }

    /// Whether two ranges of this span hold the same letters without regard to case.
    func equalIgnoringCase(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count
        where self[octet: left.lowerBound + index].lowercased != self[octet: right.lowerBound + index].lowercased {
            return false
        }
        return true
    }

    /// The range without blanks at its ends.
    @inline(__always)
    func trimmed(_ start: Int, _ end: Int) -> Range<Int> {
        var start = start
        var end = end
        while start < end, self[octet: start].isBlank { start += 1 }
        while end > start, self[octet: end - 1].isBlank { end -= 1 }
        return start..<end
    }
}
