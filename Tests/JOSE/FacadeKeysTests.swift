import Basics
import FoundationEssentials
import Sessions
import Testing

@testable import JOSE

@Suite struct FacadeKeysTests {
    static let claims = AccessClaims(
        issuer: "https://prod.gate.example/oidc", audience: "prod", subject: "ann@example.com", issuedAt: 1_800_000_000,
        expiresAt: 1_800_003_600, id: "id-1", clientID: "databricks-cli", session: "s", key: "k")

    private func signed(_ keys: FacadeKeys, _ claims: AccessClaims = claims) async throws -> Secret<String> {
        try #require(keys.sign(claims))
    }

    @Test func aTokenIsKnownAgain() async throws {
        let keys = FacadeKeys(KeyringBox(.ephemeral(random: .system)))
        let token = try #require(UnverifiedToken(try await signed(keys)))
        #expect(token.claims.issuer == "https://prod.gate.example/oidc" && token.header.algorithm == "ES256")
        #expect(keys.open(token) == Self.claims)
    }

    @Test func allProcessesWithAKeyringHaveTheSameKeys() async throws {
        let keyring = Keyring.ephemeral(random: .system)
        let (one, other) = (FacadeKeys(KeyringBox(keyring)), FacadeKeys(KeyringBox(keyring)))
        let token = try #require(UnverifiedToken(try await signed(one)))
        #expect(other.open(token) == Self.claims)
        #expect(one.published() == other.published())
    }

    @Test func theActiveKeySignsAndAllVerify() async throws {
        var text = Array(Keyring.generate(random: .system, now: Timestamp(milliseconds: 0)).utf8)
        let box = KeyringBox(try Keyring.parse(text))
        let keys = FacadeKeys(box)
        let old = try #require(UnverifiedToken(try await signed(keys)))
        text = Array(try Keyring.prepare(text, random: .system, now: Timestamp(milliseconds: 0)).utf8)
        box.replace(with: try Keyring.parse(text))
        let between = try #require(UnverifiedToken(try await signed(keys)))
        #expect(between.header.keyID == old.header.keyID)
        text = Array(try Keyring.activateLast(text).utf8)
        box.replace(with: try Keyring.parse(text))
        let new = try #require(UnverifiedToken(try await signed(keys)))
        #expect(new.header.keyID != old.header.keyID)
        #expect(keys.open(old) != nil)
        #expect(keys.open(new) != nil)
        let published = keys.published().keys
        #expect(published.map(\.id).contains(old.header.keyID ?? "") && published.count == 2)
        let oldID = try #require(Keyring.parse(text).ids.first { "lakegate-\($0)" == old.header.keyID })
        box.replace(with: try Keyring.parse(Array(try Keyring.retire(oldID, from: text).utf8)))
        #expect(keys.open(old) == nil)
        #expect(keys.open(new) != nil)
    }

    @Test func aForeignKeySignsNothing() async throws {
        let keys = FacadeKeys(KeyringBox(.ephemeral(random: .system)))
        let other = FacadeKeys(KeyringBox(.ephemeral(random: .system)))
        #expect(keys.open(try #require(UnverifiedToken(try await signed(other)))) == nil)
    }

    @Test func theKeySetIsWhatClientsRead() async throws {
        let keys = FacadeKeys(KeyringBox(.ephemeral(random: .system)))
        let key = try #require(keys.published().keys.first)
        #expect(Base64URL.decode(key.x)?.count == 32 && Base64URL.decode(key.y)?.count == 32)
        let text = String(decoding: try JSONEncoder().encode(keys.published()), as: UTF8.self)
        for part in ["\"kty\":\"EC\"", "\"crv\":\"P-256\"", "\"alg\":\"ES256\"", "\"use\":\"sig\""] {
            #expect(text.contains(part))
        }
        #expect(!text.contains("\"d\""))
    }
}
