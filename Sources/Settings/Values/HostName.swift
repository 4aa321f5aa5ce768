/// Host names as DNS and the Host header have them (RFC 1123, section 2.1).
enum HostName {
    /// The name in lower case.
    static func parse(_ text: String) throws(Complaint) -> String {
        guard !text.contains("://") else { throw Complaint("has a scheme; a host name stands alone") }
        guard !text.contains("*") else { throw Complaint("has a wildcard; every name is written out") }
        guard !text.contains(":") else { throw Complaint("has a port or is an IPv6 address; a name stands alone") }
        guard !text.hasSuffix(".") else { throw Complaint("ends with a dot", remedy: "leave the dot out") }
        guard isName(text) else {
            throw Complaint("is not a host name (letters, digits and `-`, in parts of 1...63 between dots)")
        }
        return text.lowercased()
    }

    static func isName(_ text: some StringProtocol) -> Bool {
        let labels = String(text).split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253 && labels.allSatisfy(isLabel)
    }

    /// Whether it can stand between the brackets of an IPv6 literal; the resolver has the last word.
    static func isIPv6(_ text: some StringProtocol) -> Bool {
        text.utf8.count <= 45 && text.contains(":") && text.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
            && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }
}
