import NIOHTTP1

/// A request on the admin listener, whole.
struct AdminRequest: Sendable {
    let method: HTTPMethod
    let target: String
    let headers: HTTPHeaders
    let body: [UInt8]

    init(_ head: HTTPRequestHead, body: [UInt8] = []) {
        method = head.method
        target = head.uri
        headers = head.headers
        self.body = body
    }

    var path: Substring { target.prefix { $0 != "?" } }

    /// Without the question mark; `nil` where there is none.
    var query: Substring? {
        target.firstIndex(of: "?").map { target[target.index(after: $0)...] }
    }

    /// The value of a field that is there exactly once.
    func only(_ name: String) -> String? {
        let values = headers[name]
        return values.count == 1 ? values[0] : nil
    }

    /// Bytes of a body that are read; more are refused.
    static func bodyLimit(_ head: HTTPRequestHead) -> Int {
        head.method == .POST && head.uri.hasPrefix(SessionAPI.endPath) ? 16_384 : 0
    }
}
