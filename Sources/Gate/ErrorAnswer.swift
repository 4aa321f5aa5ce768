/// Writes a refusal in Databricks' own error shape, so that every client shows its text.
public enum ErrorAnswer {
    /// The JSON body: `error_code`, `message` and, where a login would help, `details` with a login URL that SDKs expose.
    public static func body(of refusal: Refusal, loginURL: String, requestID: String) -> String {
        let id = escaped(requestID)
        guard refusal.needsLogin else {
            return #"{"error_code":"\#(refusal.errorCode)","message":"\#(escaped(refusal.message)) [ReqId: \#(id)]"}"#
        }
        let url = escaped(loginURL)
        let message = "\(escaped(refusal.message)) Log in at \(url) [ReqId: \(id)]"
        let detail =
            #"{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"LOGIN_REQUIRED","#
            + #""domain":"lakegate","metadata":{"login_url":"\#(url)"}}"#
        return #"{"error_code":"\#(refusal.errorCode)","message":"\#(message)","details":[\#(detail)]}"#
    }

    /// Fields beside content type and length. The SQL drivers show nothing of the body: Python's prints the Thrift server's
    /// message or else the reason phrase, Java's the former alone, Go's the latter.
    public static func fields(of refusal: Refusal, loginURL: String) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        if let seconds = refusal.retryAfter {
            fields.append(("retry-after", String(seconds)))
        }
        if refusal.status == 401 {
            fields.append(("www-authenticate", #"Bearer realm="Lakegate""#))
        }
        if refusal.status == 405 {
            fields.append(("allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"))
        }
        let reason = fieldSafe(refusal.needsLogin ? "\(refusal.message) Log in at \(loginURL)" : refusal.message)
        fields.append(("x-databricks-reason-phrase", reason))
        fields.append(("x-thriftserver-error-message", reason))
        fields.append(("cache-control", "no-store"))
        return fields
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A field value has no control characters and only ASCII (RFC 9110, section 5.5).
    private static func fieldSafe(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { (0x20...0x7e).contains($0.value) ? $0 : " " }))
    }
}
