import Basics
import COpenSSL

/// SHA-256, fed in pieces.
///
/// `@unchecked Sendable` is not claimed: one digest belongs to one request.
final class Digest {
    // An OpenSSL handle, freed with this object and reachable from nowhere else.
    private let handle: OpaquePointer?

    init() {
        handle = EVP_MD_CTX_new()
        EVP_DigestInit_ex(handle, EVP_sha256(), nil)
    }

    deinit {
        EVP_MD_CTX_free(handle)
    }

    func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(handle, bytes.baseAddress, bytes.count)
    }

    /// The 32 bytes. The digest is spent afterwards.
    func finish() -> [UInt8] {
        var sum = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(handle, &sum, nil)
        return sum
    }

    static func sha256(_ text: String) -> [UInt8] {
        let digest = Digest()
        Array(text.utf8).withUnsafeBytes { digest.update($0) }
        return digest.finish()
    }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}
