import Basics
import Foundation
import Testing

@testable import Sessions

struct SealingTests {
    private let random = RandomSource.seeded(1)
    private let name = RecordName("lakegate:{abc}:session")

    /// From the test cases in the GCM specification (McGrew and Viega), 13 to 16.
    @Test(arguments: [
        (
            "", String(repeating: "0", count: 64), String(repeating: "0", count: 24), "",
            "530f8afbc74536b9a963b4f1c4cb738b"
        ),
        (
            String(repeating: "0", count: 32), String(repeating: "0", count: 64), String(repeating: "0", count: 24), "",
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
        ),
        (
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
                + "b16aedf5aa0de657ba637b39",
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
                + "c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"
        ),
    ])
    func knownAnswers(_ plain: String, _ key: String, _ nonce: String, _ associated: String, _ sealed: String) throws {
        let (key, nonce, associated) = (bytes(key), bytes(nonce), bytes(associated))
        #expect(try AESGCM.seal(bytes(plain), key: key, nonce: nonce, associated: associated) == bytes(sealed))
        #expect(try AESGCM.open(bytes(sealed)[...], key: key, nonce: nonce, associated: associated) == bytes(plain))
    }

    /// The expand step of RFC 5869, appendix A.1 and A.2, first block.
    @Test func knownDerivation() throws {
        let key = bytes("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
        let output = try key.withUnsafeBytes { try Subkey.expand($0, info: bytes("f0f1f2f3f4f5f6f7f8f9")) }
        #expect(output == bytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"))
    }

    @Test("CVE-2026-47775: whatever was changed, the error is one, and nothing is decrypted before it is known")
    func everyMutationIsRefused() throws {
        let seal = Seal(keyring: .ephemeral(random: random))
        let content = Array("the quick brown fox".utf8)
        let sealed = try seal.close(content, name: name, generation: 3, random: random)
        #expect(try seal.open(sealed, name: name, generation: 3) == content)
        var generator = SeededGenerator(state: 42)
        var refused = 0
        for _ in 0..<100_000 {
            let changed = mutate(sealed, &generator)
            do { _ = try seal.open(changed, name: name, generation: 3) } catch SealError.doesNotOpen { refused += 1 }
        }
        #expect(refused == 100_000)
    }

    private func mutate(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.removeLast(.random(in: 1...bytes.count, using: &generator))
        case 1:
            bytes.insert(.random(in: 0...255, using: &generator), at: .random(in: 0..<bytes.count, using: &generator))
        case 2: bytes.append(.random(in: 0...255, using: &generator))
        default: break
        }
        guard !bytes.isEmpty else { return bytes }
        bytes[.random(in: bytes.indices, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        return bytes
    }

    @Test func everySingleBitCounts() throws {
        let seal = Seal(keyring: .ephemeral(random: random))
        let sealed = try seal.close([1, 2, 3], name: name, generation: 1, random: random)
        for bit in 0..<sealed.count * 8 {
            var changed = sealed
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: SealError.doesNotOpen) { try seal.open(changed, name: name, generation: 1) }
        }
    }

    /// A record has a key of its own, and is sealed 87,600 times with it if it is renewed every hour for ten years.
    @Test("CVE-2021-32791: no nonce comes twice") func noNonceComesTwice() throws {
        let seal = Seal(keyring: .ephemeral(random: random))
        var nonces: Set<[UInt8]> = []
        for generation in 1...100_000 as ClosedRange<UInt64> {
            let sealed = try seal.close([], name: name, generation: generation, random: .system)
            if let nonce = Envelope(sealed)?.nonce { nonces.insert(nonce) }
        }
        #expect(nonces.count == 100_000)
    }

    @Test("CVE-2021-32791: a record opens only in its place") func aRecordOpensOnlyInItsPlace() throws {
        let seal = Seal(keyring: .ephemeral(random: random))
        let sealed = try seal.close([1], name: name, generation: 3, random: random)
        #expect(throws: SealError.doesNotOpen) { try seal.open(sealed, name: RecordName("other"), generation: 3) }
        #expect(throws: SealError.doesNotOpen) { try seal.open(sealed, name: name, generation: 2) }
        let foreign = Seal(keyring: .ephemeral(random: random))
        #expect(throws: SealError.doesNotOpen) { try foreign.open(sealed, name: name, generation: 3) }
        #expect(try seal.close([1], name: name, generation: 3, random: random) != sealed)
    }

    /// There the digits of a port slid into the time after it.
    @Test("CVE-2023-35941: what is authenticated together has one meaning, wherever one part ends")
    func partsDoNotSlide() throws {
        let parts: [([UInt8], [UInt8])] = [
            ([], Array("a12".utf8)), (Array("a".utf8), Array("12".utf8)), (Array("a1".utf8), Array("2".utf8)),
            (Array("a12".utf8), []), (Array("a1".utf8), [0, 0, 0, 1, 0x32]), ([0, 0, 0, 1], Array("a12".utf8)),
        ]
        #expect(Set(parts.map { LengthFramed($0.0, $0.1).bytes }).count == parts.count)
        #expect(LengthFramed([1], [2]).bytes != LengthFramed([1, 2]).bytes)
        let seal = Seal(keyring: .ephemeral(random: random))
        let sealed = try seal.close([1], name: RecordName("n1"), generation: 2, random: random)
        for (name, generation) in [("n", 12 as UInt64), ("n12", 2), ("n1", 12), ("n1\0", 2), ("", 2)] {
            #expect(throws: SealError.doesNotOpen) {
                try seal.open(sealed, name: RecordName(name), generation: generation)
            }
        }
    }

    private func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8).map { $0 < 58 ? $0 - 48 : $0 - 87 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
