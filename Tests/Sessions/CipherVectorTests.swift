import Foundation
import Testing

@testable import Sessions

private let vectorFolder = ProcessInfo.processInfo.environment["LAKEGATE_VECTORS"]

/// NIST's vectors for AES-256-GCM (CAVP), those with nonce and tag of the sizes used here: 375 to seal, 375 to open.
///
/// `LAKEGATE_VECTORS` is the folder of gcmEncryptExtIV256.rsp and gcmDecrypt256.rsp; PyPI's `cryptography_vectors` has
/// them.
@Suite(.enabled(if: vectorFolder != nil, "LAKEGATE_VECTORS names no folder"))
struct CipherVectorTests {
    @Test func sealsLikeNIST() throws {
        let vectors = try Self.vectors("gcmEncryptExtIV256.rsp")
        #expect(vectors.count == 375)
        for vector in vectors {
            let sealed = try AESGCM.seal(
                vector.plaintext, key: vector.key, nonce: vector.nonce, associated: vector.associated)
            #expect(sealed == vector.sealed)
        }
    }

    @Test func opensLikeNIST() throws {
        let vectors = try Self.vectors("gcmDecrypt256.rsp")
        #expect(vectors.count == 375 && vectors.contains { !$0.isGood } && vectors.contains { $0.isGood })
        for vector in vectors {
            let opened = try? AESGCM.open(
                vector.sealed[...], key: vector.key, nonce: vector.nonce, associated: vector.associated)
            #expect(opened == (vector.isGood ? vector.plaintext : nil))
        }
    }

    private struct Vector {
        var fields: [String: String]
        var isGood: Bool

        var key: [UInt8] { bytes("Key") }
        var nonce: [UInt8] { bytes("IV") }
        var associated: [UInt8] { bytes("AAD") }
        var plaintext: [UInt8] { bytes("PT") }
        var sealed: [UInt8] { bytes("CT") + bytes("Tag") }

        private func bytes(_ name: String) -> [UInt8] {
            let digits = Array(fields[name] ?? "")
            return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(digits[$0...$0 + 1]), radix: 16)
            }
        }
    }

    /// Paragraphs of `name = value`; one with a size in brackets holds for those that follow.
    private static func vectors(_ file: String) throws -> [Vector] {
        let path = URL(fileURLWithPath: vectorFolder ?? "").appendingPathComponent(file)
        let text = try String(contentsOf: path, encoding: .utf8).replacing("\r\n", with: "\n")
        var (sizes, vectors) = ([String: String](), [Vector]())
        for paragraph in text.split(separator: "\n\n") {
            let lines = paragraph.split(separator: "\n").map(String.init)
            let fields = Dictionary(lines.compactMap(field), uniquingKeysWith: { $1 })
            if fields["Key"] == nil { sizes.merge(fields) { $1 } }
            guard fields["Key"] != nil, sizes["[IVlen"] == "96]", sizes["[Taglen"] == "128]" else { continue }
            vectors.append(Vector(fields: fields, isGood: !lines.contains("FAIL")))
        }
        return vectors
    }

    private static func field(_ line: String) -> (String, String)? {
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        return (parts[0].trimmingCharacters(in: .whitespaces), parts[1].trimmingCharacters(in: .whitespaces))
    }
}
