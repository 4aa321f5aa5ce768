import Basics
import Foundation

/// Text of a new keyring.
enum KeyringSource {
    /// SEAM: becomes Keyring.generate(random: .system, now:) of Sessions, which writes the same text.
    static func system() -> String {
        let random = RandomSource.system
        let id = "k" + Base64URL.encode(random.bytes(6))
        return """
            {
              "version": 1,
              "active": "\(id)",
              "keys": [
                { "id": "\(id)", "key": "\(Base64URL.encode(random.bytes(32)))", "created": "\(Date().formatted(.iso8601))" }
              ]
            }

            """
    }
}
