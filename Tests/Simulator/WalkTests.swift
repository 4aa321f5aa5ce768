import Testing

@testable import Simulator

@Suite struct WalkTests {
    @Test func walkGoesAllTheWay() async throws {
        try await RunningSimulator.use { running in
            let walk = try DemoWalk(
                lakegate: FakeLakegate.url, client: FakeLakegate(running), user: "grace@example.com")
            var lines: [String] = []
            let token = try await walk.run { lines.append($0) }
            #expect(token == FakeLakegate.sessionToken)
            #expect(lines.count == 8, "\(lines)")
            #expect(lines.last?.contains("the workspace saw grace@example.com") == true)
            #expect(!lines.joined().contains(token))
        }
    }

    @Test func walkSaysWhereItEnds() async throws {
        let walk = try DemoWalk(lakegate: "https://lakegate.example.com", client: AlwaysBroken())
        let expected = WalkFailure.unexpected(
            step: "call without credential", status: 502, address: "https://lakegate.example.com/")
        await #expect(throws: expected) { try await walk.run { _ in } }
    }

    private struct AlwaysBroken: WalkClient {
        func send(
            method: String, url: String, fields: [(name: String, value: String)], body: [UInt8]
        ) async throws -> WalkAnswer {
            WalkAnswer(status: 502, fields: [], body: [])
        }
    }

    @Test func formsAreRead() throws {
        let page = """
            <!DOCTYPE html><p>1 < 2 & <br/><form><INPUT TYPE='hidden' NAME=a VALUE='x &amp; &#39;y&#x27;'>
            <select name="who"><option value=1></select><input type=submit name=go value=now></form>
            <form action="/b?c=d&amp;e" method="POST"><input name="q"
            """
        let forms = WebForm.all(in: page)
        #expect(forms.count == 2)
        let first = try #require(forms.first)
        #expect(first.inputs["a"] == "x & 'y'")
        #expect(first.inputs["who"] == "1")
        #expect(first.names == ["a", "who", "go"])
        #expect(!first.isPost && first.action == nil)
        #expect(forms.last?.action == "/b?c=d&e")
        #expect(first.filled("a", with: "ä b").inputs.encoded == "who=1&a=%C3%A4%20b")
    }

    @Test(arguments: ["<", "<form", "<form action", "<form action=", "<form action='", "</", "<a/>", "<a =x>", "&#x;"])
    func brokenPagesAreReadToTheirEnd(page: String) {
        _ = WebForm.all(in: page)
        _ = Markup.unescaped(page)
    }

    @Test(arguments: [
        ("/x", "https://a.example/x"), ("?q", "https://a.example/b/c?q"), ("d#e", "https://a.example/b/d"),
        ("//c.example", "https://c.example/"), ("http://d.example:8/e?f", "http://d.example:8/e?f"),
        ("", "https://a.example/b/c?old"),
    ])
    func referencesAreFollowed(reference: String, target: String) throws {
        let page = try #require(WebAddress("https://A.example/b/c?old"))
        #expect(page.following(reference)?.text == target)
    }

    @Test(arguments: ["", "ftp://a", "https://", "/x", "://x"])
    func otherAddressesAreNot(text: String) {
        #expect(WebAddress(text) == nil)
    }
}
