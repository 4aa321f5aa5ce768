import Basics
import Sessions
import Testing

/// Rules that ask for the groups of people.
@Suite(.timeLimit(.minutes(2)))
struct GroupRuleTests {
    private let ruled = Ruled([
        (.init(paths: ["/deploy"], groups: ["Data Admins"]), .principal("admin")),
        (.init(paths: ["/deploy"]), .refuse),
    ])

    private func groups(_ names: [String], of workspace: String = "ruled") -> Membership {
        Membership(GroupNames(names), of: workspace)
    }

    private func get(_ path: String, _ cookie: String) -> String {
        "GET \(path) HTTP/1.1\r\nhost: ruled.test\r\n\(cookie)\r\n"
    }

    /// Whose token the workspace saw.
    private func pass(_ front: Front, _ request: String) async throws -> String? {
        let client = try await front.connect()
        client.send(request)
        let workspace = try await front.script.accept()
        let head = Answer(try await workspace.takeHead())
        workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        #expect(try await client.takeAnswer().status == 200)
        return head.field("authorization")
    }

    @Test func whoIsInTheGroupDeploysAndNobodyElse() async throws {
        try await Front.use(ruled.options) { front in
            let admin = try await front.logIn(to: "ruled", groups: groups(["users", "Data Admins"]))
            let other = try await front.logIn(to: "ruled", groups: groups(["users", "Data", "Admins"]))
            #expect(try await pass(front, get("/deploy", admin.cookie)) == "Bearer admin-1")
            let refused = try await front.ask(get("/deploy", other.cookie))
            #expect(refused.status == 403 && refused.text.contains("identities[1]"))
        }
    }

    /// Another workspace of the account may call a group the same, with others in it.
    @Test(arguments: [Membership.unknown, Membership(GroupNames(["Data Admins"]), of: "other")])
    func whoseGroupsAreNotKnownHereLearnsIt(_ groups: Membership) async throws {
        try await Front.use(ruled.options) { front in
            let person = try await front.logIn(to: "ruled", groups: groups)
            let refused = try await front.ask(get("/deploy", person.cookie))
            #expect(refused.status == 403 && refused.text.contains(#""error_code":"PERMISSION_DENIED""#))
            #expect(refused.text.contains("asks for groups (identities[0]") && refused.text.contains("sign in again"))
            let own = "Bearer \(person.session.grant.accessToken.reveal())"
            #expect(try await pass(front, get("/x", person.cookie)) == own)
        }
    }
}
