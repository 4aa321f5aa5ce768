import OAuth

/// Where a program on somebody's own machine waits for its code: `http://`, a name of this machine, a port, a path.
package enum LoopbackRedirect {
    package static func isOne(_ text: String) -> Bool {
        guard text.utf8.count <= 256, let host = hosts.first(where: { text.utf8.starts(with: $0.utf8) }) else {
            return false
        }
        let rest = text.utf8.dropFirst(host.utf8.count)
        let port = rest.prefix { $0 != UInt8(ascii: "/") }
        return isPort(port) && isPath(rest.dropFirst(port.count))
    }

    private static func isPort(_ text: Substring.UTF8View) -> Bool {
        guard (1...5).contains(text.count), text.first != UInt8(ascii: "0"),
            text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return false }
        return Int(String(decoding: text, as: UTF8.self)).map { $0 <= 65_535 } ?? false
    }

    /// Nothing that any browser reads in two ways.
    private static func isPath(_ text: Substring.UTF8View) -> Bool {
        text.allSatisfy { $0 == UInt8(ascii: "/") || PercentCoding.isUnreserved($0) }
            && text.split(separator: UInt8(ascii: "/")).allSatisfy {
                !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
            }
    }

    private static let hosts = ["http://localhost:", "http://127.0.0.1:", "http://[::1]:"]
}
