import Basics
import FoundationEssentials

/// A signed token (RFC 7519) taken apart, and nothing of it believed.
public struct UnverifiedToken: Sendable {
    /// What it says of itself.
    public let claims: UnverifiedClaims
    let header: Header
    let text: Secret<String>

    /// `nil` unless there are three parts in strict base64url, with JSON objects in the first two, an issuer in the second; 16 KiB at most.
    public init?(_ text: Secret<String>) {
        let bytes = Array(text.reveal().utf8)
        guard bytes.count <= Self.longest else { return nil }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.decode(Header.self, parts[0]),
            let claims = Self.decode(UnverifiedClaims.self, parts[1]), Base64URL.decode(parts[2]) != nil
        else { return nil }
        self.header = header
        self.text = text
        self.claims = claims
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ part: ArraySlice<UInt8>) -> Value? {
        Base64URL.decode(part).flatMap { try? JSONDecoder().decode(type, from: Data($0)) }
    }

    private static let longest = 16 * 1024

    /// What there is to know before the signature is looked at (RFC 7515, section 4.1). Keys, and places of keys, that a
    /// token brings along are not read.
    struct Header: Decodable, Sendable {
        var algorithm: String
        var keyID: String?
        var type: String?
        /// Whether it must be refused by whoever does not understand it; none of what may be meant is understood here.
        var isCritical: Bool

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            algorithm = try values.decode(String.self, forKey: .algorithm)
            keyID = try values.decodeIfPresent(String.self, forKey: .keyID)
            type = try values.decodeIfPresent(String.self, forKey: .type)
            isCritical = values.contains(.critical)
        }

        enum CodingKeys: String, CodingKey {
            case algorithm = "alg"
            case keyID = "kid"
            case type = "typ"
            case critical = "crit"
        }
    }
}
