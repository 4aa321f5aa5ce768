import Basics

/// The text that opens a session: `lkg_` and 64 base64url characters, of a 16-byte id and a 32-byte secret.
public enum SessionToken {
    public static let prefix = "lkg_"
    /// Characters of a whole token.
    public static let length = 68
    static let idSize = 16
    static let secretSize = 32

    /// The token's text; `secret` must be 32 bytes.
    static func text(id: SessionID, secret: [UInt8]) -> String {
        prefix + Base64URL.encode(id.bytes + secret)
    }
}

extension SessionID {
    /// 22 base64url characters.
    public var text: String {
        Base64URL.encode(bytes)
    }

    /// Reads what ``text`` gives; `nil` for anything else.
    public init?(text: String) {
        guard let bytes = Base64URL.decode(text), bytes.count == SessionToken.idSize else { return nil }
        self.init(high: word(bytes, 0), low: word(bytes, 8))
    }

    var bytes: [UInt8] {
        bigEndian(high) + bigEndian(low)
    }

    static func random(_ source: RandomSource) -> SessionID {
        let bytes = source.bytes(SessionToken.idSize)
        return SessionID(high: word(bytes, 0), low: word(bytes, 8))
    }
}
