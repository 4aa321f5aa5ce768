import Gate

/// Whether a request was made by a page of this very host, as far as the browser tells.
enum SameOrigin {
    /// For requests that change something: without any sign of where it comes from, the answer is no.
    static func isCertain(_ request: LocalRequest) -> Bool {
        if let site = request.field("sec-fetch-site") { return site == "same-origin" || site == "none" }
        return request.field("origin") == "https://\(request.authority)"
    }

    /// For requests that merely begin something: only a browser that names another site is turned away.
    static func isPossible(_ request: LocalRequest) -> Bool {
        request.field("sec-fetch-site").map { $0 == "same-origin" || $0 == "none" } ?? true
    }
}

extension LocalRequest {
    /// The value of a field that occurs exactly once.
    func field(_ name: String) -> String? {
        let values = fields.filter { $0.name == name }
        return values.count == 1 ? values[0].value : nil
    }

    /// Whether the asker reads pages rather than JSON.
    var wantsHTML: Bool {
        fields.contains { $0.name == "accept" && $0.value.lowercased().contains("text/html") }
    }
}
