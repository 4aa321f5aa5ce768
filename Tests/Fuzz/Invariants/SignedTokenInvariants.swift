import Basics
import JOSE

func brokenSignedTokenRule(_ bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let token = UnverifiedToken(Secret(text)) else { return nil }
    guard text.utf8.count <= 16 * 1024 else { return "a token is short" }
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3 else { return "a token has three parts" }
    for part in parts {
        // Whoever remembers what a token means goes by its text.
        guard let plain = Base64URL.decode(part), Base64URL.encode(plain).utf8.elementsEqual(part) else {
            return "a token has one spelling"
        }
    }
    guard abs(token.claims.expiresAt ?? 0) < 1_000_000_000_001 else { return "times can be reckoned with" }
    return nil
}
