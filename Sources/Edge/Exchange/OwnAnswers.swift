import Basics
import Gate

#if canImport(Glibc)
    import Glibc
#endif

/// Reason phrases of the answers that Lakegate writes itself (RFC 9110, section 15).
enum ReasonPhrase {
    static func of(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 204: "No Content"
        case 302: "Found"
        case 303: "See Other"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Answer"
        }
    }
}

/// The date format of HTTP (RFC 9110, section 5.6.7).
enum HTTPDate {
    static func text(_ moment: Timestamp) -> String {
        var seconds = time_t(moment.milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let day = days[Int(parts.tm_wday) % 7]
        let month = months[Int(parts.tm_mon) % 12]
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(twoDigits).joined(separator: ":")
        return "\(day), \(twoDigits(parts.tm_mday)) \(month) \(1900 + parts.tm_year) \(clock) GMT"
    }

    private static func twoDigits(_ number: Int32) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

/// The head of an answer that Lakegate gives itself, as HTTP/1.1 has it.
enum OwnAnswer {
    static func head(of answer: LocalResponse, for exchange: Exchange?, _ keepsAlive: Bool, _ loop: EdgeLoop) -> String
    {
        var head = "HTTP/1.1 \(answer.status) \(ReasonPhrase.of(answer.status))\r\n"
        for field in fields(of: answer, for: exchange, loop) { head += "\(field.name): \(field.value)\r\n" }
        if !keepsAlive { head += "connection: close\r\n" }
        return head + "\r\n"
    }

    /// Its own fields, and those that every answer has; names in lower case.
    static func fields(
        of answer: LocalResponse, for exchange: Exchange?, _ loop: EdgeLoop
    ) -> [(name: String, value: String)] {
        var fields = [("date", HTTPDate.text(loop.shared.clock.now()))] + answer.fields
        if let exchange { fields.append(("x-request-id", String(decoding: exchange.requestID, as: UTF8.self))) }
        // RFC 9110, section 8.6: none with a 204. In gRPC the head is all there is.
        let isGRPC = answer.fields.contains { $0.name == "grpc-status" }
        if answer.status != 204, !isGRPC { fields.append(("content-length", "\(answer.body.count)")) }
        return fields
    }
}
