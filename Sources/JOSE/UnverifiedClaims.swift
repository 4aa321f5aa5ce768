/// The registered claims of a token (RFC 7519, section 4.1).
public struct UnverifiedClaims: Decodable, Sendable, Equatable {
    public var issuer: String
    public var subject: String?
    public var audiences: [String]
    /// Seconds since 1970; fractions are cut off.
    public var expiresAt: Int64?
    var notBefore: Int64?

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        issuer = try values.decode(String.self, forKey: .issuer)
        subject = try values.decodeIfPresent(String.self, forKey: .subject)
        audiences = try Self.audiences(values)
        expiresAt = try Self.seconds(values, .expiresAt)
        notBefore = try Self.seconds(values, .notBefore)
    }

    /// One, or a list of them.
    private static func audiences(_ values: KeyedDecodingContainer<CodingKeys>) throws -> [String] {
        guard values.contains(.audiences) else { return [] }
        if let one = try? values.decode(String.self, forKey: .audiences) { return [one] }
        return try values.decode([String].self, forKey: .audiences)
    }

    private static func seconds(_ values: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys) throws -> Int64? {
        guard let number = try values.decodeIfPresent(Double.self, forKey: key) else { return nil }
        // A later moment than any, but one that can be reckoned with.
        guard abs(number) < 1e12 else {
            throw DecodingError.dataCorruptedError(forKey: key, in: values, debugDescription: "no time")
        }
        return Int64(number)
    }

    private enum CodingKeys: String, CodingKey {
        case issuer = "iss"
        case subject = "sub"
        case audiences = "aud"
        case expiresAt = "exp"
        case notBefore = "nbf"
    }
}
