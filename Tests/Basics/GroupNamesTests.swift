import Basics
import Testing

@Suite("Names of groups")
struct GroupNamesTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("a name is found whole, byte for byte")
    func contains() {
        let groups = GroupNames(["users", "Data Admins", "é"])
        for name in ["users", "Data Admins", "é"] { #expect(groups.contains(bytes(name))) }
        for name in ["", "user", "sers", "data admins", "users\nData Admins", "\n", "e\u{301}", "Admins"] {
            #expect(!groups.contains(bytes(name)))
        }
        #expect(groups.areKnown && groups.names == ["users", "Data Admins", "é"])
    }

    @Test("being in none is known, too")
    func none() {
        #expect(GroupNames([]).areKnown && GroupNames([]).names == [] && !GroupNames([]).contains([]))
    }

    @Test("what is too much, or no name, makes all of them unknown")
    func unknown() {
        let most = (0..<500).map { "group \($0)" }
        #expect(GroupNames(most).names == most)
        let wrong = [
            most + ["x"], ["users", ""], ["users", "a\nb"], ["users", "\u{0}"], [String(repeating: "a", count: 257)],
            (0..<100).map { String(repeating: "a", count: 200) + "\($0)" },
        ]
        for names in wrong {
            #expect(GroupNames(names) == .unknown && GroupNames(names).names == nil)
            #expect(!GroupNames(names).contains(bytes("users")))
        }
    }
}
