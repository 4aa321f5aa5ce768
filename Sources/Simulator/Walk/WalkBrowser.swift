/// Does what a browser does for a person: keeps cookies, follows redirects, sends forms.
struct WalkBrowser {
    let client: any WalkClient
    private(set) var cookies = CookieJar()

    init(client: any WalkClient) {
        self.client = client
    }

    /// Where a navigation ended.
    struct Page {
        var address: WebAddress
        var answer: WalkAnswer
        /// Addresses passed on the way, without their queries.
        var redirects: [String] = []

        var forms: [WebForm] { WebForm.all(in: answer.text) }
    }

    mutating func open(_ address: WebAddress, from page: Page? = nil) async throws -> Page {
        try await navigate(Request(method: "GET", address: address, body: ""), from: page)
    }

    mutating func submit(_ form: WebForm, on page: Page) async throws -> Page {
        guard var address = form.action.map({ page.address.following($0) }) ?? page.address else {
            throw WalkFailure.badAddress
        }
        guard form.isPost else {
            address.target = address.path + "?" + form.inputs.encoded
            return try await open(address, from: page)
        }
        return try await navigate(Request(method: "POST", address: address, body: form.inputs.encoded), from: page)
    }

    private struct Request {
        var method: String
        var address: WebAddress
        var body: String
    }

    private mutating func navigate(_ start: Request, from page: Page?) async throws -> Page {
        var request = start
        var redirects: [String] = []
        for _ in 0..<12 {
            let answer = try await send(request, from: page)
            guard (300..<400).contains(answer.status), let location = answer.field("location") else {
                return Page(address: request.address, answer: answer, redirects: redirects)
            }
            guard let next = request.address.following(location) else { throw WalkFailure.badAddress }
            redirects.append("\(answer.status) to \(next.origin)\(next.path)")
            let keepsMethod = answer.status == 307 || answer.status == 308
            request = keepsMethod ? request : Request(method: "GET", address: next, body: "")
            request.address = next
        }
        throw WalkFailure.tooManyRedirects
    }

    private mutating func send(_ request: Request, from page: Page?) async throws -> WalkAnswer {
        var fields = [
            (name: "accept", value: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"),
            (name: "user-agent", value: "Mozilla/5.0 (lakegate demo)"),
            (name: "sec-fetch-dest", value: "document"), (name: "sec-fetch-mode", value: "navigate"),
            (name: "sec-fetch-user", value: "?1"), (name: "sec-fetch-site", value: site(request, page)),
        ]
        if let cookie = cookies.field(for: request.address) { fields.append((name: "cookie", value: cookie)) }
        if request.method == "POST" {
            fields.append((name: "content-type", value: "application/x-www-form-urlencoded"))
            fields.append((name: "origin", value: (page?.address ?? request.address).origin))
        }
        let answer = try await client.send(
            method: request.method, url: request.address.text, fields: fields, body: Array(request.body.utf8))
        cookies.keep(from: answer, at: request.address)
        return answer
    }

    private func site(_ request: Request, _ page: Page?) -> String {
        guard let page else { return "none" }
        return page.address.origin == request.address.origin ? "same-origin" : "cross-site"
    }
}
