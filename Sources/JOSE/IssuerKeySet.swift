import Basics
import FoundationEssentials
import JWTKit

/// The public keys of an issuer (RFC 7517) that can sign a token: RS256 and ES256, nothing else.
struct IssuerKeySet: Sendable {
    private struct Name: Hashable {
        var id: String?
        var algorithm: String
    }

    private var keys: [Name: any JWTAlgorithm] = [:]

    /// `nil` for what is no set of keys. Keys of other kinds, and keys that are none, are left out.
    init?(_ bytes: [UInt8]) async {
        guard bytes.count <= 256 * 1024, let set = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {
            return nil
        }
        for key in set.keys.prefix(Self.most).compactMap(\.key) {
            guard let algorithm = key.signature, let usable = await key.usable(for: algorithm) else { continue }
            keys[Name(id: key.id, algorithm: algorithm)] = usable
        }
    }

    /// The key that a token names; where it names none, the only one there is.
    func key(_ header: UnverifiedToken.Header) -> (any JWTAlgorithm)? {
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

    func usable(for algorithm: String) async -> (any JWTAlgorithm)? {
        let collection = JWTKeyCollection()
        if algorithm == "RS256" {
            guard let modulus, let exponent, modulus.utf8.count <= Self.longestModulus, exponent.utf8.count <= 8,
                let key = try? Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent)
            else { return nil }
            await collection.add(rsa: key, digestAlgorithm: .sha256)
        } else {
            guard let x, let y, let key = try? ES256PublicKey(parameters: (x, y)) else { return nil }
            await collection.add(ecdsa: key)
        }
        return try? await collection.getKey()
    }

    /// Of 8192 bits: larger ones only cost time.
    private static let longestModulus = 1400

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
