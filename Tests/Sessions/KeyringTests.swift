import Basics
import Foundation
import Testing

@testable import Sessions

struct KeyringTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    @Test func whatIsGeneratedIsRead() throws {
        let text = Keyring.generate(random: .seeded(1), now: now)
        let keyring = try Keyring.parse(Array(text.utf8))
        #expect(keyring.ids == [keyring.activeID])
        #expect(text.contains("2027-01-15T08:00:00Z"))
    }

    @Test func anOlderKeyStillOpens() throws {
        let (old, new) = (key(1), key(2))
        let name = RecordName("n")
        let first = try Keyring.parse(file("k1", [("k1", old)]))
        let sealed = try Seal(keyring: first).close([7], name: name, generation: 1, random: .system)
        let rotated = try Keyring.parse(file("k2", [("k1", old), ("k2", new)]))
        #expect(try Seal(keyring: rotated).open(sealed, name: name, generation: 1) == [7])
        let fresh = try Seal(keyring: rotated).close([7], name: name, generation: 1, random: .system)
        #expect(throws: SealError.doesNotOpen) { try Seal(keyring: first).open(fresh, name: name, generation: 1) }
    }

    @Test func aKeyIsPreparedThenSealsAndIsRetired() throws {
        let name = RecordName("n")
        let first = Array(Keyring.generate(random: .seeded(1), now: now).utf8)
        let old = try Keyring.parse(first).activeID
        let prepared = Array(try Keyring.prepare(first, random: .seeded(2), now: now).utf8)
        #expect(try !Keyring.isPrepared(first) && Keyring.isPrepared(prepared))
        #expect(try Keyring.parse(prepared).activeID == old && Keyring.parse(prepared).ids.count == 2)
        let rotated = Array(try Keyring.activateLast(prepared).utf8)
        let new = try Keyring.parse(rotated)
        #expect(new.activeID != old && new.ids.count == 2)
        let sealed = try Seal(keyring: new).close([7], name: name, generation: 1, random: .system)
        #expect(try Seal(keyring: Keyring.parse(prepared)).open(sealed, name: name, generation: 1) == [7])
        #expect(throws: SealError.self) {
            try Seal(keyring: Keyring.parse(first)).open(sealed, name: name, generation: 1)
        }
        #expect(throws: KeyringError.self) { try Keyring.retire(new.activeID, from: rotated) }
        #expect(throws: KeyringError.self) { try Keyring.retire("k-none", from: rotated) }
        #expect(try Keyring.parse(Array(try Keyring.retire(old, from: rotated).utf8)).ids == [new.activeID])
        let prints = try [first, prepared, rotated].map { try Keyring.parse($0).fingerprint }
        #expect(Set(prints).count == 3 && prints.allSatisfy { $0.count == 16 })
    }

    @Test("traefik-oidc-auth's constant: no empty, short or made-up key; mistakes are named and keys are not")
    func mistakesAreNamedAndKeysAreNot() throws {
        let good = key(1)
        let cases: [([UInt8], String)] = [
            (Array("nonsense".utf8), "not a JSON object"),
            (Array("{}".utf8), "version must be 1"),
            (Array(#"{"version":1}"#.utf8), "active must name"),
            (Array(#"{"version":1,"active":"k1","keys":[]}"#.utf8), "keys must be a list"),
            (Array(#"{"version":1,"active":"k1","keys":[3]}"#.utf8), "keys[0] must be an object"),
            (file("k2", [("k1", good)]), "names a key that is not in the list"),
            (file("k1", [("k1", good), ("k1", good)]), "keys[1].id appears twice"),
            (file("k1", [("", good)]), "keys[0].id must be 1 to 32"),
            (file("k1", [("k:1", good)]), "keys[0].id must be 1 to 32"),
            (file("k1", [("k1", good + "A")]), "keys[0].key must be 32 random bytes"),
            (file("k1", [("k1", Base64URL.encode([UInt8](repeating: 7, count: 32)))]), "keys[0].key is not random"),
        ]
        for (text, expected) in cases {
            do {
                _ = try Keyring.parse(text)
                Issue.record("accepted where it should say \(expected)")
            } catch {
                #expect("\(error)".contains(expected), "\(error)")
                #expect(!"\(error)".contains(good))
            }
        }
    }

    @Test func othersMustNotReadTheFile() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "keyring-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = Keyring.generate(random: .system, now: now)
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        chmod(path, 0o644)
        #expect(throws: KeyringError.readableByOthers(path: path)) { try Keyring.load(path: path) }
        #expect("\(KeyringError.readableByOthers(path: path))".contains("chmod 600"))
        chmod(path, 0o640)
        _ = try Keyring.load(path: path)
        #expect(throws: KeyringError.self) { try Keyring.load(path: path + ".missing") }
        #expect(throws: KeyringError.self) { try Keyring.load(path: "/") }
    }

    private func key(_ seed: UInt64) -> String {
        Base64URL.encode(RandomSource.seeded(seed).bytes(32))
    }

    private func file(_ active: String, _ keys: [(String, String)]) -> [UInt8] {
        let list = keys.map { #"{"id":"\#($0.0)","key":"\#($0.1)","created":"2026-01-01T00:00:00Z"}"# }
        return Array(#"{"version":1,"active":"\#(active)","keys":[\#(list.joined(separator: ","))]}"#.utf8)
    }
}
