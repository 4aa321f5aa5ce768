import COpenSSL

/// The calling thread's OpenSSL error queue. Its reasons are fixed texts of the library, so they are safe to log.
enum OpenSSLErrors {
    /// Empties the queue if anything is in it; another user of the library on this thread may have left something.
    @inline(__always)
    static func clear() {
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }

    /// Takes the oldest error, which is the cause of the others, and empties the queue.
    static func takeReason() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0 else { return "no reason given" }
        guard let text = ERR_reason_error_string(code) else { return "error \(code)" }
        return String(cString: text)
    }
}
