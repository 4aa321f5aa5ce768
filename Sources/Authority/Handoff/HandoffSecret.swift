import Basics

/// What a program holds of a hand-off: a prefix, and 48 bytes in base64url, of its id and a 32-byte secret.
struct HandoffSecret: Sendable {
    let id: String
    let secret: Secret<[UInt8]>

    static func make(random: RandomSource) -> HandoffSecret {
        HandoffSecret(id: Base64URL.encode(random.bytes(idSize)), secret: Secret(random.bytes(secretSize)))
    }

    private init(id: String, secret: Secret<[UInt8]>) {
        self.id = id
        self.secret = secret
    }

    /// `nil` for text that is none of this purpose.
    init?(_ text: String, purpose: Handoff.Purpose) {
        guard text.hasPrefix(purpose.prefix),
            let bytes = Base64URL.decode(String(text.dropFirst(purpose.prefix.count))),
            bytes.count == Self.idSize + Self.secretSize
        else { return nil }
        id = Base64URL.encode(Array(bytes.prefix(Self.idSize)))
        secret = Secret(Array(bytes.dropFirst(Self.idSize)))
    }

    func text(_ purpose: Handoff.Purpose) -> Secret<String> {
        let id = Base64URL.decode(id) ?? []
        return Secret(purpose.prefix + Base64URL.encode(id + secret.reveal()))
    }

    /// Whether text is an id of a hand-off.
    static func isID(_ text: String) -> Bool {
        text.utf8.count == 22 && Base64URL.decode(text)?.count == idSize
    }

    private static let idSize = 16
    private static let secretSize = 32
}

extension Handoff.Purpose {
    var prefix: String {
        switch self {
        case .handle: "lkh_"
        case .device: "lkd_"
        }
    }
}
