import Sessions

/// The code in front of a server's error text. The rest is dropped: it may repeat what was sent.
package struct RedisErrorText {
    package let code: String

    package init(_ text: String) {
        let word = text.prefix { $0.isASCII && ($0.isUppercase || $0 == "_") }
        code = word.isEmpty || word.count > 20 ? "an error" : String(word)
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
        let text = "the server answers \(code)"
        return isPassing ? .unavailable(text) : .refused(text)
    }
}
