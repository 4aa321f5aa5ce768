extension [UInt8] {
    @inline(__always)
    mutating func append(_ bytes: RawSpan, _ range: Range<Int>) {
        // The pointer covers exactly the range that `extracting` has checked.
        bytes.extracting(range).withUnsafeBytes { append(contentsOf: $0) }
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        // The pointer covers exactly the literal.
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends `name: value` and CR LF, or nothing if the value is empty or could break out of its line.
    ///
    /// - Parameter name: With the colon and the space.
    mutating func appendField(_ name: StaticString, _ value: [UInt8]) {
        guard !value.isEmpty else { return }
        guard value.span.bytes.isText() else { return }
        append(name)
        append(contentsOf: value)
        append("\r\n")
    }

    mutating func appendContentLength(_ length: UInt64) {
        append("content-length: ")
        appendDecimal(length)
        append("\r\n")
    }

    mutating func appendDecimal(_ number: UInt64) {
        appendDigits(number, base: 10)
    }

    mutating func appendHexadecimal(_ number: UInt64) {
        appendDigits(number, base: 16)
    }

    private mutating func appendDigits(_ number: UInt64, base: UInt64) {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = digits.count
        var rest = number
        repeat {
            first -= 1
            let digit = UInt8(truncatingIfNeeded: rest % base)
            digits[first] = digit < 10 ? digit + 0x30 : digit + 0x57
            rest /= base
        } while rest > 0
        append(digits.span.bytes, first..<digits.count)
    }
}
