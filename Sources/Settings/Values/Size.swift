extension PlainValue {
    /// Bytes: a whole number, at most with one of KiB, MiB, GiB; 1 byte ... 1024 GiB.
    static func size(_ text: String) throws(Complaint) -> Int {
        let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)]
        let unit = units.first { text.hasSuffix($0.0) }
        guard let number = text.dropLast(unit?.0.count ?? 0).wholeNumber else {
            throw Complaint("is not a whole number of bytes, KiB, MiB or GiB")
        }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit?.1 ?? 1)
        guard !overflow, (1...1 << 40).contains(bytes) else { throw Complaint("is out of range") }
        return bytes
    }
}

extension MemoryLimit {
    init(_ text: String) throws(Complaint) {
        if text == "off" {
            self = .off
        } else if text.hasSuffix("%") {
            self = .share(percent: try PlainValue.number(String(text.dropLast()), in: 10...100))
        } else {
            self = .bytes(try PlainValue.size(text))
        }
    }
}
