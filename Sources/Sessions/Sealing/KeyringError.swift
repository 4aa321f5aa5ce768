/// What is wrong with a keyring file. Never holds key material.
public enum KeyringError: Error, Sendable, Equatable {
    case cannotRead(path: String, reason: String)
    case readableByOthers(path: String)
    case notJSON
    /// `field` as in `keys[1].key`.
    case wrongField(field: String, problem: String)
}

extension KeyringError: CustomStringConvertible {
    /// What is wrong and what to do about it.
    public var description: String {
        switch self {
        case .cannotRead(let path, let reason):
            "cannot read the keyring \(path): \(reason)"
        case .readableByOthers(let path):
            "the keyring \(path) can be read or changed by every user of this machine; run: chmod 600 \(path)"
        case .notJSON:
            "the keyring is not a JSON object; make one with: lakegate keys generate"
        case .wrongField(let field, let problem):
            "the keyring's \(field) \(problem)"
        }
    }
}
