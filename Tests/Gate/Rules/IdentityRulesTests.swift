import Basics
import Testing

@testable import Gate

/// The cases of a pipeline IDE: interactive work, scheduled work, deployment.
@Suite("Who acts as whom")
struct IdentityRulesTests {
    private let scheduler = Caller.machine(0)
    private let ann = Caller.person(Array("ann@example.com".utf8), groups: GroupNames(["users", "data-admins"]))
    private let bob = Caller.person(Array("bob@example.com".utf8), groups: GroupNames(["users"]))
    /// Whose groups are not known.
    private let eve = Caller.person(Array("eve@example.com".utf8), groups: .unknown)

    private func choose(
        _ rules: [IdentityRule], _ line: String, clusters: [String] = [], body: String? = "",
        by caller: Caller
    ) -> IdentityRules.Choice {
        var head: [UInt8] = []
        func write(_ text: String) -> Range<Int> {
            head += Array(text.utf8)
            return head.count - text.utf8.count..<head.count
        }
        let words = line.split(separator: " ").map(String.init)
        let (method, target) = words.count == 2 ? (words[0], words[1]) : ("GET", line)
        let parts = target.split(separator: "?").map(String.init)
        var request = RuledRequest(method: write(method), path: write(parts[0]))
        let query = parts.count > 1 ? write(parts[1]) : nil
        let fields = clusters.map { write($0) }
        let bytes = Array((body ?? "").utf8)
        request.readHead(head.span.bytes, query: query, clusterFields: fields)
        request.readBody(body == nil ? nil : bytes.span.bytes, head.span.bytes)
        return IdentityRules(rules).choose(for: request, head.span.bytes, bytes.span.bytes, by: caller)
    }

    @Test("without a rule people act as themselves, and programs may do nothing")
    func noRules() {
        #expect(choose([], "/api/2.0/clusters/list", by: ann) == .init(actAs: .user, rule: nil))
        #expect(choose([], "/api/2.0/clusters/list", by: scheduler) == .init(actAs: .refuse, rule: nil))
    }

    @Test("a rule that lets a program act as a user lets it do nothing")
    func programsHaveNoUser() {
        #expect(choose([IdentityRule(actAs: .user)], "/x", by: scheduler) == .init(actAs: .refuse, rule: 0))
    }

    @Test("scheduled work as the principal, the same work by a person as the person")
    func schedule() {
        let rules = [IdentityRule(paths: ["/api/2.1/jobs/*", "/sql/*"], clients: [0], actAs: .principal(1))]
        #expect(choose(rules, "POST /api/2.1/jobs/run-now", by: scheduler).actAs == .principal(1))
        #expect(choose(rules, "POST /sql/1.0/warehouses/w1", by: scheduler).actAs == .principal(1))
        #expect(choose(rules, "POST /api/2.1/jobs/run-now", by: ann).actAs == .user)
        #expect(choose(rules, "GET /api/2.0/secrets/list", by: scheduler).actAs == .refuse)
        #expect(choose(rules, "POST /api/2.1/jobs/run-now", by: .machine(1)).actAs == .refuse)
    }

    @Test("deployment as a principal that the listed admins alone may use")
    func deployment() {
        let rules = [
            IdentityRule(
                paths: ["/api/2.0/workspace/import"], methods: ["POST"], users: ["ann@example.com"],
                actAs: .principal(0)),
            IdentityRule(paths: ["/api/2.0/workspace/import"], actAs: .refuse),
        ]
        #expect(choose(rules, "POST /api/2.0/workspace/import", by: ann) == .init(actAs: .principal(0), rule: 0))
        #expect(choose(rules, "POST /api/2.0/workspace/import", by: bob) == .init(actAs: .refuse, rule: 1))
        #expect(choose(rules, "GET /api/2.0/workspace/list", by: bob).actAs == .user)
        #expect(choose(rules, "POST /api/2.0/workspace//import", by: bob).actAs == .refuse)
        #expect(choose(rules, "POST /api/2.0/workspace/import", by: scheduler).actAs == .refuse)
    }

    @Test(
        "CVE-2026-40574, CVE-2021-21291: a rule means a whole user name",
        arguments: [
            "ann@example.com@evil.example", "evil@ann@example.com", "ann@example.com.evil.example",
            "ann@evil-example.com",
            "ann@example.co", "ANN@example.com", "ann@example.com ", "ann@example.com\0", "x,ann@example.com", "", "*",
        ])
    func wholeNames(name: String) {
        let rules = [IdentityRule(users: ["ann@example.com"], actAs: .principal(0)), IdentityRule(actAs: .refuse)]
        #expect(choose(rules, "/x", by: ann).actAs == .principal(0))
        #expect(choose(rules, "/x", by: .person(Array(name.utf8), groups: .unknown)).actAs == .refuse)
    }

    @Test("deployment as a principal that the admins' group alone may use")
    func groups() {
        let rules = [
            IdentityRule(paths: ["/deploy"], groups: ["data-admins", "ops"], actAs: .principal(0)),
            IdentityRule(paths: ["/deploy"], actAs: .refuse),
        ]
        #expect(choose(rules, "/deploy", by: ann) == .init(actAs: .principal(0), rule: 0))
        #expect(choose(rules, "/deploy", by: bob) == .init(actAs: .refuse, rule: 1))
        #expect(choose(rules, "/deploy", by: scheduler) == .init(actAs: .refuse, rule: 1))
        #expect(choose(rules, "/x", by: eve) == .init(actAs: .user, rule: nil))
    }

    @Test(
        "whose groups are not known passes no rule that asks for groups",
        arguments: [ActAs.user, .principal(0), .refuse])
    func unknownGroups(actAs: ActAs) {
        let rules = [
            IdentityRule(methods: ["PUT"], actAs: .principal(1)), IdentityRule(clients: [0], actAs: .principal(0)),
            IdentityRule(paths: ["/a"], groups: ["contractors"], actAs: actAs), IdentityRule(actAs: .principal(1)),
        ]
        #expect(choose(rules, "/a", by: eve) == .init(actAs: .refuse, rule: 2, lacksGroups: true))
        #expect(choose(rules, "/a", by: eve).reason == .groupsUnknown(rule: 2))
        #expect(choose(rules, "/b", by: eve) == .init(actAs: .principal(1), rule: 3))
        #expect(choose(rules, "PUT /a", by: eve).rule == 0)
        #expect(choose(rules, "/a", by: bob) == .init(actAs: .principal(1), rule: 3))
        #expect(choose(rules, "/a", by: scheduler) == .init(actAs: .principal(0), rule: 1))
    }

    @Test("the first rule that matches counts")
    func order() {
        let rules = [IdentityRule(methods: ["GET"], actAs: .user), IdentityRule(actAs: .principal(0))]
        #expect(choose(rules, "GET /x", by: ann).rule == 0)
        #expect(choose(rules, "POST /x", by: ann) == .init(actAs: .principal(0), rule: 1))
    }

    @Test(
        "a warehouse is found in a path, or in the body of a statement",
        arguments: [
            ("/sql/1.0/warehouses/w1", ""), ("/sql/1.0/endpoints/w1", ""), ("/api/2.0/sql/warehouses/w1/start", ""),
            ("/api/2.0/sql/statements", #"{"warehouse_id":"w1","statement":"select 1"}"#),
            ("/api/2.0/sql/sessions?x=1", #"{"warehouse_id":"w1"}"#), ("/x?warehouse_id=w1", ""),
        ])
    func warehouse(_ target: String, _ body: String) {
        let rules = [IdentityRule(warehouses: ["w1"], actAs: .principal(0))]
        #expect(choose(rules, "POST \(target)", body: body, by: scheduler).actAs == .principal(0))
        let other = [IdentityRule(warehouses: ["w2"], actAs: .principal(0))]
        #expect(choose(other, "POST \(target)", body: body, by: scheduler).actAs == .refuse)
    }

    @Test(
        "what is named twice, or can't be read, opens nothing and is refused where a rule refuses",
        arguments: [
            ("/sql/1.0/warehouses/w2", #"{"warehouse_id":"w1"}"#), ("/x?warehouse_id=w2&warehouse_id=w1", ""),
            ("/x?warehouse%5Fid=w1", ""), ("/x?warehouseId=w1", ""), ("/x?warehouse_id=w1&WAREHOUSE_ID=w2", ""),
            ("/x", #"{"warehouse_id":"w1","warehouseId":"w2"}"#), ("/x?warehouse_id=%771", ""),
            ("/sql/1.0//warehouses/w1", ""),
            ("/sql/1.0/warehouses/%771", ""), ("/x", #"{"warehouse_id":"w1","warehouse_id":"w1"}"#), ("/x", "no JSON"),
        ])
    func unclear(_ target: String, _ body: String) {
        #expect(
            choose([IdentityRule(warehouses: ["w1"], actAs: .principal(0))], target, body: body, by: ann).actAs == .user
        )
        #expect(
            choose([IdentityRule(warehouses: ["w1"], actAs: .refuse)], target, body: body, by: ann).actAs == .refuse)
    }

    @Test("a body that is not all here is unclear")
    func bodyGone() {
        let rules = [IdentityRule(jobs: ["7"], actAs: .principal(0)), IdentityRule(jobs: ["8"], actAs: .refuse)]
        #expect(choose(rules, "POST /api/2.1/jobs/run-now", body: nil, by: ann) == .init(actAs: .refuse, rule: 1))
    }

    @Test("a cluster is found in a path and in its field, which have to agree")
    func cluster() {
        let rules = [IdentityRule(clusters: ["c1"], actAs: .principal(0))]
        #expect(choose(rules, "/spark.connect.SparkConnectService/ExecutePlan", clusters: ["c1"], by: ann).rule == 0)
        #expect(choose(rules, "/sql/protocolv1/o/123/c1", by: ann).rule == 0)
        #expect(choose(rules, "/driver-proxy-api/o/123/c1/80/x", by: ann).rule == 0)
        #expect(choose(rules, "/sql/protocolv1/o/123/c1", clusters: ["c1"], by: ann).rule == 0)
        #expect(choose(rules, "/sql/protocolv1/o/123/c1", clusters: ["c2"], by: ann).rule == nil)
        #expect(choose(rules, "/sql/protocolv1/o/c1/c2", by: ann).rule == nil)
        #expect(choose(rules, "/x", clusters: ["c1", "c2"], by: ann).rule == nil)
        #expect(
            choose([IdentityRule(clusters: ["c1"], actAs: .refuse)], "/x", clusters: ["c1", "c2"], by: ann).rule == 0)
    }

    @Test("a job is found in the body of a run and in a query")
    func job() {
        let rules = [IdentityRule(jobs: ["620"], actAs: .principal(0))]
        #expect(choose(rules, "POST /api/2.1/jobs/run-now", body: #"{"job_id": 620}"#, by: ann).rule == 0)
        #expect(choose(rules, "/api/2.1/jobs/get?job_id=620", by: ann).rule == 0)
        #expect(choose(rules, "/api/2.1/jobs/get?job_id=6200", by: ann).rule == nil)
    }

    @Test(
        "a body counts with any method, under the API's paths alone, of which there are two; files name nothing",
        arguments: [
            ("POST", "/api/2.1/jobs/run-now", true), ("PUT", "/api/2.1/jobs/run-now", true),
            ("GET", "/api/2.1/jobs/get", true), ("POST", "/ajax-api/2.1/jobs/run-now", true),
            ("POST", "//api/2.1/jobs/run-now", true), ("PUT", "/api/2.0/fs/files/x", false),
            ("POST", "/driver-proxy-api/o/1/2", false), ("POST", "/apis/2.1", false),
        ])
    func places(_ method: String, _ path: String, _ counts: Bool) {
        let head = Array((method + path).utf8)
        let count = method.utf8.count
        #expect(RuledRequest.mayNameInBody(head.span.bytes, path: count..<head.count) == counts)
    }
}
