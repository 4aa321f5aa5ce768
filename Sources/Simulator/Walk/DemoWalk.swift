/// The main job, walked as a person with a browser and an SDK would: refused, signed in, let through as that person.
public struct DemoWalk: Sendable {
    static let me = "/api/2.0/preview/scim/v2/Me"
    static let cookie = "__Host-lakegate"
    let lakegate: WebAddress
    let client: any WalkClient
    let user: String

    /// `lakegate` is the URL clients use; `user` one of the simulator's.
    public init(lakegate: String, client: any WalkClient, user: String = DemoUser.ada.name) throws(WalkFailure) {
        guard let address = WebAddress(lakegate) else { throw .badAddress }
        self.lakegate = address
        self.client = client
        self.user = user
    }

    /// Walks all steps; each gives a line that says what was sent and what came of it.
    ///
    /// Returns the session token that the last step used.
    @discardableResult
    public func run(line: (String) -> Void) async throws -> String {
        try await callWithoutCredential(line)
        var browser = WalkBrowser(client: client)
        try await signIn(&browser, line)
        try await callWithCookie(browser, line)
        let token = try await makeToken(&browser, line)
        try await callWithToken(token, line)
        return token
    }

    private func callWithoutCredential(_ line: (String) -> Void) async throws {
        let answer = try await call([])
        guard answer.status == 401 else { throw unexpected("call without credential", answer.status, lakegate) }
        line("1. GET \(DemoWalk.me) with no credential: 401, and nothing reached the workspace")
    }

    private func signIn(_ browser: inout WalkBrowser, _ line: (String) -> Void) async throws {
        guard let login = lakegate.following("/.lakegate/login") else { throw WalkFailure.badAddress }
        var page = try await browser.open(login)
        line("2. GET /.lakegate/login as a browser: \(page.redirects.last ?? "\(page.answer.status)")")
        for _ in 0..<4 where browser.cookies.value(of: DemoWalk.cookie, at: lakegate) == nil {
            guard page.answer.status == 200 else { throw unexpected("sign-in", page.answer.status, page.address) }
            page = try await goOn(from: page, &browser, line)
        }
        guard browser.cookies.value(of: DemoWalk.cookie, at: lakegate) != nil else { throw WalkFailure.noSession }
        line("   back at Lakegate with cookie \(DemoWalk.cookie); the tokens stay inside")
    }

    /// Fills in the workspace's form, or presses the button or link of Lakegate's own page.
    private func goOn(
        from page: WalkBrowser.Page, _ browser: inout WalkBrowser, _ line: (String) -> Void
    ) async throws -> WalkBrowser.Page {
        if let form = page.forms.first(where: { $0.names.contains("user") }) {
            line("   \(user) signs in at \(page.address.origin)\(page.address.path)")
            return try await browser.submit(form.filled("user", with: user).filled("decision", with: "allow"), on: page)
        }
        let next = try await press(page, &browser)
        line("   goes on from \(page.address.path): \(next.redirects.last ?? "\(next.answer.status)")")
        return next
    }

    private func press(_ page: WalkBrowser.Page, _ browser: inout WalkBrowser) async throws -> WalkBrowser.Page {
        if let form = page.forms.first { return try await browser.submit(form, on: page) }
        let links = Markup.tags(in: page.answer.text).filter { $0.name == "a" }.compactMap { $0.attributes["href"] }
        let on = links.first { $0.contains("/.lakegate/login/") } ?? links.first
        guard let link = on, let address = page.address.following(link) else {
            throw unexpected("login page without a way on", page.answer.status, page.address)
        }
        return try await browser.open(address, from: page)
    }

    private func callWithCookie(_ browser: WalkBrowser, _ line: (String) -> Void) async throws {
        let cookie = browser.cookies.field(for: lakegate) ?? ""
        let seen = try await identity(try await call([(name: "cookie", value: cookie)]))
        line("3. GET \(DemoWalk.me) with the cookie: 200; Lakegate put \(seen)'s bearer in its place")
    }

    private func callWithToken(_ token: String, _ line: (String) -> Void) async throws {
        let seen = try await identity(try await call([(name: "authorization", value: "Bearer " + token)]))
        line("5. GET \(DemoWalk.me) with Authorization: Bearer <session token>: 200; the workspace saw \(seen)")
    }

    private func makeToken(_ browser: inout WalkBrowser, _ line: (String) -> Void) async throws -> String {
        guard let address = lakegate.following("/.lakegate/session") else { throw WalkFailure.badAddress }
        let page = try await browser.open(address)
        guard let form = page.forms.first(where: { $0.action?.hasSuffix("/session/tokens") == true }) else {
            throw WalkFailure.noSessionToken
        }
        let labelled = form.names.contains("label") ? form.filled("label", with: "lakegate demo") : form
        let shown = try await browser.submit(labelled, on: page)
        guard let token = DemoWalk.sessionToken(in: shown.answer.text) else { throw WalkFailure.noSessionToken }
        line("4. POST /.lakegate/session/tokens: a session token for SDKs, shown once")
        return token
    }

    /// The first thing on a page that looks like a session token.
    static func sessionToken(in page: String) -> String? {
        guard let start = page.firstRange(of: "lkg_") else { return nil }
        let token = page.utf8[start.lowerBound...].prefix { isUnreserved($0) && $0 != UInt8(ascii: ".") }
        return token.count > 20 ? String(token) : nil
    }

    private func call(_ credential: [(name: String, value: String)]) async throws -> WalkAnswer {
        let fields = [(name: "accept", value: "application/json"), (name: "user-agent", value: "lakegate-demo")]
        return try await client.send(
            method: "GET", url: lakegate.origin + DemoWalk.me, fields: fields + credential, body: [])
    }

    /// Who the workspace says called.
    private func identity(_ answer: WalkAnswer) async throws -> String {
        guard answer.status == 200 else { throw unexpected("call with a session", answer.status, lakegate) }
        let seen = answer.field("x-simulator-user") ?? "nobody"
        guard seen == user else { throw WalkFailure.wrongIdentity(expected: user, seen: seen) }
        return seen
    }

    private func unexpected(_ step: String, _ status: Int, _ address: WebAddress) -> WalkFailure {
        .unexpected(step: step, status: status, address: address.origin + address.path)
    }
}
