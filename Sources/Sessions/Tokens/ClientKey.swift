import Basics

/// The key of a machine client: `lkc_` and 32 random bytes in base64url, 47 characters.
public enum ClientKey {
    public static let prefix = "lkc_"

    public static func make(random: RandomSource) -> Secret<String> {
        Secret(prefix + Base64URL.encode(random.bytes(size)))
    }

    /// SHA-256 of the whole text; `nil` for what is no such key.
    public static func digest(of text: String) -> KeyDigest? {
        guard text.hasPrefix(prefix), Base64URL.decode(String(text.dropFirst(prefix.count)))?.count == size else {
            return nil
        }
        return KeyDigest(bytes: Digest.sha256(Array(text.utf8)))
    }

    private static let size = 32
}
