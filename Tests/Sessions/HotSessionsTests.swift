import Basics
import Foundation
import Testing

@testable import Sessions

struct HotSessionsTests {
    private let now = Timestamp(milliseconds: 1_000_000)
    private let digest = KeyDigest(words: (1, 2, 3, 4))

    @Test func answersWhatItKnows() {
        let hot = HotSessions()
        hot.apply(session(1))
        #expect(word(hot, 1) == "live Bearer token-1")
        #expect(word(hot, 1, kind: .token) == "unknownKey")
        #expect(word(hot, 1, digest: KeyDigest(words: (1, 2, 3, 5))) == "unknownKey")
        #expect(word(hot, 2) == "absent")
        #expect(word(hot, 1, after: .seconds(60)) == "needsRenewal 1")
        #expect(word(hot, 1, after: .seconds(300)) == "ended")
        #expect(word(hot, 1, after: .seconds(600)) == "ended")
        hot.apply(session(1, generation: 2, standing: .loginNeeded(reason: "gone")))
        #expect(word(hot, 1) == "loginNeeded gone")
        #expect(word(hot, 1, kind: .token) == "unknownKey")
    }

    @Test func keepsTheNewest() {
        let hot = HotSessions()
        hot.update(session(1))
        #expect(word(hot, 1) == "absent")
        hot.apply(session(1, generation: 3, token: "new"))
        hot.apply(session(1, generation: 2, token: "old"))
        hot.update(session(1, generation: 3, token: "other"))
        #expect(word(hot, 1) == "live Bearer new")
        hot.update(session(1, generation: 4, token: "newer"))
        #expect(word(hot, 1) == "live Bearer newer")
    }

    @Test func theDeadStayDead() {
        let hot = HotSessions(limit: 10, remembered: 3)
        hot.apply(session(1))
        hot.remove(session(1).id)
        hot.apply(session(1, generation: 9))
        #expect(word(hot, 1) == "ended")
        for number in 2...4 { hot.remove(session(UInt64(number)).id) }
        #expect(word(hot, 1) == "absent")
        #expect(word(hot, 4) == "ended")
        #expect(hot.count == 0)
    }

    @Test func evictsWhatIsNotUsed() {
        let hot = HotSessions(limit: 100)
        for number in 0..<10_000 {
            hot.apply(session(UInt64(number)))
            _ = word(hot, 0)
        }
        #expect(hot.count == 100)
        #expect(word(hot, 0) == "live Bearer token-0")
        #expect(word(hot, 9999) == "live Bearer token-9999")
        #expect(word(hot, 5) == "absent")
        hot.remove(session(9999).id)
        hot.apply(session(20_000))
        #expect(hot.count == 100)
    }

    @Test func reportsUseOnceAMinute() throws {
        let live = LiveSession(session(1), slot: 0, staleness: .seconds(60), notice: .zero)
        #expect(live.isUseReportDue(at: now))
        #expect(!live.isUseReportDue(at: now + .seconds(59)))
        #expect(live.isUseReportDue(at: now + .seconds(60)))
    }

    @Test(arguments: ["", "lkg_", String(repeating: "A", count: 68), "lkg_" + String(repeating: "A", count: 63) + "="])
    func isNoToken(_ text: String) {
        #expect(PresentedToken.parse(Array(text.utf8).span.bytes, hasher: SHA256Hasher()) == nil)
    }

    @Test func tokensAreReadByteForByte() {
        var generator = SeededGenerator(state: 9)
        let hasher = SHA256Hasher()
        for _ in 0..<2000 {
            let bytes = (0..<48).map { _ in UInt8.random(in: 0...255, using: &generator) }
            var text = Array(("lkg_" + Base64URL.encode(bytes)).utf8)
            let token = PresentedToken.parse(text.span.bytes, hasher: hasher)
            #expect(token?.id.bytes == Array(bytes[..<16]))
            #expect(token?.digest.bytes == Digest.sha256(Array(bytes[16...])))
            let place = Int.random(in: 4..<68, using: &generator)
            text[place] = .random(in: 0...255, using: &generator)
            let isValid = Base64URL.decode(text[4...]) != nil
            #expect((PresentedToken.parse(text.span.bytes, hasher: hasher) != nil) == isValid)
        }
    }

    @Test func knownDigest() {
        let hex = Digest.sha256(Array("abc".utf8)).map { String(format: "%02x", $0) }.joined()
        #expect(hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    private func word(
        _ hot: HotSessions, _ number: UInt64, digest: KeyDigest? = nil, kind: KeyKind = .browser,
        after: Duration = .zero
    ) -> String {
        let presented = PresentedToken(id: SessionID(high: 7, low: number), digest: digest ?? self.digest)
        return switch hot.find(presented, kind: kind, now: now + after) {
        case .live(let live): "live \(String(decoding: live.authorization, as: UTF8.self))"
        case .needsRenewal(_, let generation): "needsRenewal \(generation)"
        case .loginNeeded(let reason): "loginNeeded \(reason)"
        case .ended: "ended"
        case .unknownKey: "unknownKey"
        case .absent: "absent"
        }
    }

    private func session(
        _ number: UInt64, generation: UInt64 = 1, token: String? = nil, standing: SessionStanding = .active
    ) -> Session {
        let key = SessionKey(
            digest: digest, kind: .browser, label: "", createdAt: now, endsAt: now + .seconds(300))
        let grant = TokenGrant(
            accessToken: Secret(token ?? "token-\(number)"), obtainedAt: now, expiresAt: now + .seconds(60),
            refreshToken: nil)
        return Session(
            id: SessionID(high: 7, low: number), workspace: "prod",
            person: Person(id: "1", userName: "ann", displayName: "Ann"), createdAt: now, endsAt: now + .seconds(600),
            generation: generation, grant: grant, keys: [key], standing: standing)
    }
}
