import Basics
import FoundationEssentials

/// The public keys of an issuer (RFC 7517) that can sign a token: RS256 and ES256, nothing else.
struct IssuerKeySet: Sendable {
    private struct Name: Hashable {
        var id: String?
        var algorithm: String
    }

    private var keys: [Name: VerifyingKey] = [:]

    /// `nil` for what is no set of keys. Keys of other kinds, and keys that are none, are left out.
    init?(_ bytes: [UInt8]) {
        guard bytes.count <= 256 * 1024, let set = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {
            return nil
        }
        for key in set.keys.prefix(Self.most).compactMap(\.key) {
            guard let algorithm = key.signature, let usable = key.usable(for: algorithm) else { continue }
            keys[Name(id: key.id, algorithm: algorithm)] = usable
        }
    }

    /// The key that a token names; where it names none, the only one there is.
    func key(_ header: UnverifiedToken.Header) -> VerifyingKey? {
        if let id = header.keyID { return keys[Name(id: id, algorithm: header.algorithm)] }
        let fitting = keys.filter { $0.key.algorithm == header.algorithm }
        return fitting.count == 1 ? fitting.first?.value : nil
    }

    private static let most = 100

    private struct Document: Decodable {
        var keys: [Entry]
    }

    /// What can't be read as a key is none.
    private struct Entry: Decodable {
        var key: IssuerKey?

        init(from decoder: any Decoder) throws {
            key = try? IssuerKey(from: decoder)
        }
    }
}

/// One public key as JSON has it (RFC 7518, section 6).
private struct IssuerKey: Decodable {
    var type: String
    var id: String?
    var use: String?
    var algorithm: String?
    var curve: String?
    var x: String?
    var y: String?
    var modulus: String?
    var exponent: String?

    /// The one algorithm that tokens signed by it must name; `nil` for a key that signs nothing we believe.
    var signature: String? {
        guard use == nil || use == "sig" else { return nil }
        let only: String
        switch (type, curve) {
        case ("RSA", _): only = "RS256"
        case ("EC", "P-256"): only = "ES256"
        default: return nil
        }
        return algorithm == nil || algorithm == only ? only : nil
    }

    func usable(for algorithm: String) -> VerifyingKey? {
        if algorithm == SignatureAlgorithm.rs256.rawValue {
            guard let modulus = bytes(modulus), let exponent = bytes(exponent) else { return nil }
            return VerifyingKey(modulus: modulus, exponent: exponent)
        }
        guard let x = bytes(x), let y = bytes(y) else { return nil }
        return VerifyingKey(x: x, y: y)
    }

    private func bytes(_ text: String?) -> [UInt8]? {
        text.flatMap { Base64URL.decode($0) }
    }

    enum CodingKeys: String, CodingKey {
        case use, x, y
        case type = "kty"
        case id = "kid"
        case algorithm = "alg"
        case curve = "crv"
        case modulus = "n"
        case exponent = "e"
    }
}
