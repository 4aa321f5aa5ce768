import Sessions

/// The code in front of a server's error text. The rest is dropped: it may repeat what was sent.
package struct RedisErrorText {
    package let code: String

    package init(_ text: String) {
        let word = RedisErrorText.word(RedisErrorText.cause(in: text) ?? text[...])
        code = word.isEmpty || word.count > 20 ? "an error" : String(word)
    }

    /// Redis before 7.0 puts what fails within a script behind an error of the script.
    private static func cause(in text: String) -> Substring? {
        guard text.hasPrefix("ERR Error running script"), let mark = text.firstRange(of: ": -") else { return nil }
        let cause = text[mark.upperBound...]
        return word(cause).isEmpty ? nil : cause
    }

    private static func word(_ text: Substring) -> Substring {
        text.prefix { $0.isASCII && ($0.isUppercase || $0 == "_") }
    }

    /// The server is starting, busy, alone, or has become a replica: another try may find it well.
    var isPassing: Bool {
        ["LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "READONLY", "NOREPLICAS"].contains(code)
    }

    /// A new connection may lead to another server, or be let in again.
    var wantsReconnect: Bool {
        ["READONLY", "NOAUTH", "MASTERDOWN"].contains(code)
    }

    var storeError: StoreError {
        if code == "MOVED" || code == "ASK" {
            return .refused("the server is one of a cluster: write redis+cluster://")
        }
        let text = "the server answers \(code)"
        return isPassing ? .unavailable(text) : .refused(text)
    }
}
