import Basics
import Sessions

func brokenKeyringRule(_ bytes: [UInt8]) -> String? {
    do throws(KeyringError) {
        let keyring = try Keyring.parse(bytes)
        guard keyring.ids.contains(keyring.activeID), Set(keyring.ids).count == keyring.ids.count else {
            return "the active key is one of the keys"
        }
        guard keyring.ids.allSatisfy({ isVisibleASCII($0) && $0.utf8.count <= 32 }) else { return "ids are words" }
        return nil
    } catch {
        let text = error.description
        let isShort = text.utf8.count <= 160 && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return isShort ? nil : "a complaint repeats nothing of the file"
    }
}
