/// A request method that is forwarded; every other one is refused while the head is read.
public enum HTTPMethod: Sendable {
    case get, head, post, put, patch, delete, options
    /// A registered method without special rules here (WebDAV and search).
    case other

    /// Reads a method; `nil` for a token that no registered method has.
    static func read(_ bytes: RawSpan, _ name: Range<Int>) throws(Stop) -> HTTPMethod {
        switch name.count {
        case 3:
            if bytes.equals("GET", at: name) { return .get }
            if bytes.equals("PUT", at: name) { return .put }
        case 4:
            if bytes.equals("POST", at: name) { return .post }
            if bytes.equals("HEAD", at: name) { return .head }
        case 5:
            if bytes.equals("PATCH", at: name) { return .patch }
            if bytes.equals("TRACE", at: name) { throw .invalid(.methodForbidden) }
        case 6:
            if bytes.equals("DELETE", at: name) { return .delete }
        case 7:
            if bytes.equals("OPTIONS", at: name) { return .options }
            if bytes.equals("CONNECT", at: name) { throw .invalid(.methodForbidden) }
        default: break
        }
        guard isOther(bytes, name) else { throw .invalid(.methodUnknown) }
        return .other
    }

    private static func isOther(_ bytes: RawSpan, _ name: Range<Int>) -> Bool {
        switch name.count {
        case 4: bytes.equals("COPY", at: name) || bytes.equals("MOVE", at: name) || bytes.equals("LOCK", at: name)
        case 5: bytes.equals("MKCOL", at: name)
        case 6: bytes.equals("UNLOCK", at: name) || bytes.equals("SEARCH", at: name) || bytes.equals("REPORT", at: name)
        case 8: bytes.equals("PROPFIND", at: name)
        case 9: bytes.equals("PROPPATCH", at: name)
        default: false
        }
    }

    /// No method that is let through is longer.
    static let longestName = 9
}
