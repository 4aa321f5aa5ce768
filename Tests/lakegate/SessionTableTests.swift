import Basics
import Sessions
import Stores
import Testing

@testable import lakegate

@Suite("Sessions as lines and as JSON")
struct SessionTableTests {
    private func listing() async throws -> (SessionListing, SessionID) {
        let clock = WallClock { Timestamp(milliseconds: 1_800_000_000_000) }
        let store = MemoryStore(clock: clock)
        let records = SealedRecords(
            store: store, keys: KeyringBox(.ephemeral(random: .system)), random: .system)
        let keeper = SessionKeeper(
            KeeperParts(records: records, refresher: Nobody(), clock: clock, random: .system))
        let grant = TokenGrant(
            accessToken: Secret("canary"), obtainedAt: clock.now(), expiresAt: clock.now() + .seconds(3600),
            refreshToken: Secret("canary"))
        let person = Person(id: "7", userName: "ann@example.com\u{1b}[31m\u{202e}", displayName: "Ann")
        let session = try await keeper.begin(
            workspace: "prod", person: person, grant: grant, lifetime: .seconds(86400)
        ).session
        _ = try await keeper.addKey(to: session.id, label: "dbt", lifetime: .seconds(60))
        _ = try await store.write(
            .session(SessionID(high: 1, low: 2)), StoredRecord(generation: 1, bytes: [1]), replacing: 0,
            life: .seconds(60))
        return (try await keeper.list(SessionSelection()), session.id)
    }

    private struct Nobody: TokenRefresher {
        func refresh(
            workspace: String, client: String?, refreshToken: Secret<String>, within time: Duration
        ) async throws(RefreshFailure) -> TokenGrant {
            throw .passing(reason: "nobody", retryAfter: nil)
        }
    }

    @Test("lines say what there is, and what does not open; a name can't steer the terminal")
    func lines() async throws {
        let (listing, id) = try await listing()
        let text = SessionTable.text(listing)
        #expect(text.contains("ID ") && text.contains("\(id.text)  prod       ann@example.com [31m"))
        #expect(text.contains("2027-01-15T08:00:00Z  2027-01-15T09:00:00Z  2027-01-16T08:00:00Z  active    1\n"))
        #expect(text.contains("\n1 session.\n1 record does not open with this keyring"))
        #expect(text.hasSuffix("  AAAAAAAAAAEAAAAAAAAAAg\n"))
        #expect(!text.contains("canary") && !text.contains("\u{1b}") && !text.contains("\u{202e}"))
        #expect(SessionTable.text(SessionListing()) == "0 sessions.\n")
    }

    @Test("JSON has the same")
    func json() async throws {
        let (listing, id) = try await listing()
        let text = SessionAccount.json(SessionAccount.Listed(listing))
        #expect(
            text.contains(#""access_token_ends_at":"2027-01-15T09:00:00Z""#) && text.contains(#""id":"\#(id.text)""#))
        #expect(text.contains(#""session_tokens":1,"standing":"active","#) && !text.contains("canary"))
        #expect(text.hasSuffix(#""truncated":false,"unreadable":["AAAAAAAAAAEAAAAAAAAAAg"]}"# + "\n"))
    }

    @Test("an account of ends says what is left")
    func ended() {
        let report = EndReport(ended: 2, unreadable: 1, problem: .store(.timedOut))
        #expect(
            SessionAccount.json(SessionAccount.Ended(report))
                == #"{"ended":2,"note":"1 record does not open with this keyring: whose, and of which workspace, can't be "#
                + #"told. Left alone.","problem":"the store failed: no answer in time","unreadable":1}"# + "\n")
        #expect(SessionTable.ended(0).contains("none") && SessionTable.ended(1) == "1 session ended.")
    }
}
