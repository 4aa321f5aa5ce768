import Basics

extension Keyring {
    /// 32 bytes for another purpose than sealing, of each key by its id: the same in all processes that have the key, and
    /// no way back to it (RFC 5869). `round` gives others for the same purpose.
    public func secrets(for purpose: String, round: UInt8 = 0) -> [String: Secret<[UInt8]>] {
        var secrets: [String: Secret<[UInt8]>] = [:]
        let info = LengthFramed(Array("lakegate purpose".utf8), Array(purpose.utf8), [round]).bytes
        for id in ids {
            secrets[id] = (try? key(id)?.withBytes { try Subkey.expand($0, info: info) }).map { Secret($0) }
        }
        return secrets
    }
}
