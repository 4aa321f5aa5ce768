import Settings
import Testing

@testable import lakegate

@Suite("What rules mean, in words")
struct ExplanationTests {
    private func settings(_ more: String) throws -> Settings {
        let text = """
            listen: a:1
            tls: {certificate: crt, privateKey: key}
            store: memory
            workspaces:
            - name: prod
              hosts: [h]
              url: https://u
              oauth: {clientID: c}
            """
        return try SettingsParser.parse(text: text + more, environment: [:], baseDirectory: "/x")
    }

    private let rules = """

          servicePrincipals:
          - {name: nightly, clientID: id-1, clientSecretFile: a}
          - {name: admin, clientID: id-2, clientSecretFile: b}
          - {name: spare, clientID: id-3, clientSecretFile: c}
          clients: [{name: scheduler, keyFile: k}]
          identities:
          - {match: {client: scheduler, job: '620'}, actAs: nightly}
          - {match: {warehouse: w1}, actAs: nightly}
          - {match: {cluster: c1}, actAs: nightly}
          - {match: {user: ann@example.com, path: /deploy}, actAs: admin}
          - {match: {path: /deploy}, actAs: refuse}
          - {match: {client: scheduler, path: /own}, actAs: user}
        """

    private func explain(_ question: Explanation.Question) throws -> Explanation? {
        Explanation(try #require(try settings(rules).workspaces.first), question)
    }

    private func ask(
        user: String? = nil, client: String? = nil, _ method: String, _ target: String
    ) -> Explanation.Question {
        Explanation.Question(user: user, client: client, method: method, target: target)
    }

    @Test("the rule, and as whom")
    func principal() throws {
        var question = ask(client: "scheduler", "POST", "/api/2.1/jobs/run-now")
        question.job = "620"
        #expect(
            try explain(question)?.text == """
                identities[0] of workspace prod matches: it says actAs: nightly.
                The request goes on as service principal nightly (id-1).
                """)
        #expect(try explain(question)?.isRefused == false)
        question.job = "621"
        #expect(try explain(question)?.isRefused == true)
        #expect(try explain(ask(client: "scheduler", "GET", "/api/2.1/jobs/get?job_id=620"))?.isRefused == false)
        var other = ask(user: "bob", "POST", "/api/2.0/sql/statements")
        other.warehouse = "w1"
        #expect(try explain(other)?.text.contains("identities[1]") == true)
        other = ask(user: "bob", "POST", "/spark.connect.SparkConnectService/ExecutePlan")
        other.cluster = "c1"
        #expect(try explain(other)?.text.contains("identities[2]") == true)
    }

    @Test("what no body can say there is not looked at, as when it is served")
    func elsewhere() throws {
        var question = ask(client: "scheduler", "POST", "/elsewhere")
        question.job = "620"
        #expect(try explain(question)?.isRefused == true)
    }

    @Test("people, with a rule and without")
    func people() throws {
        #expect(
            try explain(ask(user: "ann@example.com", "GET", "/deploy/"))?.text.contains("principal admin (id-2)")
                == true)
        let refused = try explain(ask(user: "bob@example.com", "GET", "/deploy"))
        #expect(refused?.isRefused == true && refused?.text.contains("identities[4]") == true)
        #expect(
            try explain(ask(user: "bob@example.com", "GET", "/x"))?.text == """
                No rule of workspace prod matches.
                The request goes on as bob@example.com.
                """)
    }

    @Test("groups are those that are named, and otherwise none")
    func groups() throws {
        let more = rules.replacing(
            "{user: ann@example.com, path: /deploy}", with: "{group: Data Admins, path: /deploy}")
        let workspace = try #require(try settings(more).workspaces.first)
        var question = ask(user: "bob@example.com", "GET", "/deploy")
        let refused = try #require(Explanation(workspace, question))
        #expect(
            refused.isRefused
                && refused.text.hasSuffix("The person counts as being in no group; name theirs with --group."))
        question.groups = ["users", "Data Admins"]
        let given = try #require(Explanation(workspace, question))
        #expect(!given.isRefused && given.text.hasSuffix("as service principal admin (id-2)."))
    }

    @Test("programs have no identity of their own, and must be known")
    func programs() throws {
        let own = try explain(ask(client: "scheduler", "GET", "/own"))
        #expect(own?.isRefused == true && own?.text.contains("identities[5]") == true)
        #expect(own?.text.contains("a program needs a rule") == true)
        #expect(try explain(ask(client: "stranger", "GET", "/own")) == nil)
    }

    @Test("the summary names what automation runs as, and what nothing uses")
    func summary() throws {
        let text = SettingsSummary.text(of: try settings(rules))
        #expect(text.contains("automation   nightly\n"))
        #expect(text.contains("remark       service principal spare of prod is named by no rule\n"))
        #expect(
            SettingsSummary.text(of: try settings("")).contains("automation   none: programs can do nothing in prod"))
    }
}
