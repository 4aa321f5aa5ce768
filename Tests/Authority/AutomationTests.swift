import Gate
import Sessions
import Settings
import Testing

@testable import Authority

@Suite("Whether programs can act here")
struct AutomationTests {
    private let site = Site()

    private func ask(_ fields: [(name: String, value: String)], of workspace: String = "prod") async -> LocalResponse {
        await Browser(site, workspace: workspace).send("GET", "/.lakegate/automation", fields, body: "")
    }

    @Test("a program is told the principals that rules name for programs")
    func program() async {
        let answer = await ask([("authorization", "Bearer \(site.folder.scheduler)")])
        #expect(answer.status == 200)
        #expect(
            answer.text.contains(#""available":true"#) && answer.text.contains(#""service_principals":["nightly"]"#))
    }

    @Test("each principal that programs act as is told of, as its provider answers, in no words of the provider's")
    func readiness() async {
        let told: [(PrincipalReadiness, String)] = [
            (.ready, #"{"name":"nightly","ready":true}"#),
            (.refused, #""name":"nightly","ready":false,"reason":"principal_refused"}"#),
            (.failing(retryAfter: .seconds(20)), #""ready":false,"reason":"principal_unavailable","retry_after":20}"#),
            (.failing(retryAfter: nil), #"no token just now.","name":"nightly","ready":false,"#),
            (.unanswered, #"not answered yet.","name":"nightly","ready":false,"reason":"principal_unavailable"}"#),
        ]
        for (readiness, text) in told {
            site.principals.be(readiness)
            let answer = await ask([("authorization", "Bearer \(site.folder.scheduler)")])
            #expect(answer.status == 200 && answer.text.contains(text), "\(answer.text)")
        }
        #expect(Set(site.principals.asked) == [PrincipalID(workspace: 0, index: 0)])
    }

    @Test("a person is told so too, and where there is none")
    func person() async {
        let browser = Browser(site, workspace: "dev")
        _ = await browser.login()
        let answer = await browser.send("GET", "/.lakegate/automation", [("accept", "application/json")], body: "")
        #expect(answer.status == 200)
        #expect(answer.text.contains(#""available":false"#) && answer.text.contains(#""service_principals":[]"#))
    }

    @Test("a stranger is told nothing")
    func stranger() async {
        #expect(await ask([]).status == 401)
        #expect(await ask([("authorization", "Bearer lkc_nobody")]).status == 401)
        #expect(await ask([("authorization", "Bearer \(site.folder.scheduler)")], of: "dev").status == 401)
        #expect(site.principals.asked.isEmpty)
    }
}
