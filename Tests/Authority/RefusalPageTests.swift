import Gate
import Testing

@testable import Authority

@Suite("What a person sees when a request can't be served")
struct RefusalPageTests {
    private let site = Site()

    @Test("what passes is asked for again, and nobody is told that he is signed out")
    func passing() throws {
        let page = try #require(site.authority.page(about: .upstreamUnreachable, workspace: "prod", requestID: "req-9"))
        #expect(page.status == 503 && page.one("Retry-After") == "2")
        #expect(page.one("Content-Type") == "text/html; charset=utf-8")
        #expect(page.text.contains("http-equiv=\"refresh\"") && page.text.contains("content=\"5\""))
        #expect(page.text.contains("Not available just now") && page.text.contains("req-9"))
    }

    @Test("what does not pass is not asked for again, and text stays text")
    func lasting() throws {
        let refusal = Refusal.malformed(status: 400, explanation: "<script>alert(1)</script>")
        let page = try #require(site.authority.page(about: refusal, workspace: "prod", requestID: "req-9"))
        #expect(page.status == 400 && !page.text.contains("http-equiv") && !page.text.contains("<script>"))
    }
}
