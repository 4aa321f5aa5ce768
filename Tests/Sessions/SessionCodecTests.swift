import Basics
import Foundation
import Testing

@testable import Sessions

@Suite struct SessionCodecTests {
    private let id = SessionID(high: 1, low: 2)

    private func session(_ groups: Membership) -> Session {
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        return Session(
            id: id, workspace: "prod", person: Person(id: "1", userName: "ann", displayName: "Ann", groups: groups),
            createdAt: now, endsAt: now + .seconds(600), generation: 3,
            grant: TokenGrant(accessToken: Secret("t"), obtainedAt: now, expiresAt: now, refreshToken: nil), keys: [],
            standing: .active)
    }

    private func read(_ bytes: [UInt8]) throws -> Membership {
        try SessionCodec.decode(bytes, id: id, generation: 3).person.groups
    }

    @Test(arguments: [[], ["users", "Data Admins"]])
    func groupsAreKept(_ names: [String]) throws {
        let groups = Membership(GroupNames(names), of: "prod")
        #expect(try read(try SessionCodec.encode(session(groups))) == groups)
        #expect(groups.names(in: "prod").names == names && groups.names(in: "dev") == .unknown)
    }

    /// A record of a version that knew of no groups, or one that somebody made too large: not known, never none.
    @Test(arguments: ["", #","groups":null"#, #","groups":["a",""],"groupsOf":"prod""#, #","groups":["a"]"#])
    func whatARecordDoesNotSayIsNotKnown(_ more: String) throws {
        let text = String(decoding: try SessionCodec.encode(session(.unknown)), as: UTF8.self)
        #expect(!text.contains("groups"))
        #expect(try read(Array((text.dropLast() + more + "}").utf8)).names(in: "prod") == .unknown)
    }
}
