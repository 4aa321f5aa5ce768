import Basics
import Sessions

/// Text of a new keyring.
enum KeyringSource {
    static func system() -> String {
        Keyring.generate(random: .system, now: WallClock.system.now())
    }
}
