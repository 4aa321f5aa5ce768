import COpenSSL

/// A public key, and the one algorithm (RFC 7518, section 3) that signatures are verified by with it.
///
/// OpenSSL's, which signs and verifies here anyway: another crypto library in the process would be one more to keep patched.
final class VerifyingKey: @unchecked Sendable {
    // Safe to share: nothing changes the key once it is made (OpenSSL 3, openssl-threads(7)).
    private let raw: OpaquePointer
    let algorithm: SignatureAlgorithm

    fileprivate init(owning raw: OpaquePointer, _ algorithm: SignatureAlgorithm) {
        self.raw = raw
        self.algorithm = algorithm
    }

    deinit {
        EVP_PKEY_free(raw)
    }

    /// A point of P-256 by its coordinates, 32 bytes each; `nil` for what is not on the curve.
    convenience init?(x: [UInt8], y: [UInt8]) {
        defer { ERR_clear_error() }
        guard x.count == 32, y.count == 32, let key = lakegate_p256_key([4] + x + y, nil) else { return nil }
        self.init(owning: key, .es256)
        guard isSound else { return nil }
    }

    /// An RSA key of 2048 to 8192 bits, big-endian.
    convenience init?(modulus: [UInt8], exponent: [UInt8]) {
        defer { ERR_clear_error() }
        let modulus = Array(modulus.drop { $0 == 0 })
        guard (256...1024).contains(modulus.count), (1...8).contains(exponent.count),
            let key = lakegate_rsa_key(modulus, Int32(modulus.count), exponent, Int32(exponent.count))
        else { return nil }
        self.init(owning: key, .rs256)
    }

    /// Whether the signature, in the form that tokens have it, is of this key.
    func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let signature = algorithm == .es256 ? ECDSASignature.der(signature) : signature,
            let context = EVP_MD_CTX_new()
        else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, raw) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    private var isSound: Bool {
        guard let context = EVP_PKEY_CTX_new(raw, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        return EVP_PKEY_public_check(context) == 1
    }
}

/// What tokens may be signed by; nothing else is believed.
enum SignatureAlgorithm: String {
    case rs256 = "RS256"
    case es256 = "ES256"
}

/// A private key of P-256 that signs tokens (ES256).
final class SigningKey: @unchecked Sendable {
    // Safe to share, as above.
    private let raw: OpaquePointer
    /// Coordinates of the public point, 32 bytes each.
    let x: [UInt8]
    let y: [UInt8]

    /// `nil` for a number that is no private key of the curve: one in 2^32.
    init?(number: [UInt8]) {
        defer { ERR_clear_error() }
        var point = [UInt8](repeating: 0, count: 65)
        guard number.count == 32, lakegate_p256_point(number, &point) == 1, let key = lakegate_p256_key(point, number)
        else { return nil }
        raw = key
        x = Array(point[1..<33])
        y = Array(point[33...])
    }

    deinit {
        EVP_PKEY_free(raw)
    }

    var verifying: VerifyingKey? { VerifyingKey(x: x, y: y) }

    /// 64 bytes (RFC 7518, section 3.4); `nil` only if the crypto library refuses to work.
    func sign(_ message: [UInt8]) -> [UInt8]? {
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        var signature = [UInt8](repeating: 0, count: 128)
        var count = signature.count
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, raw) == 1,
            EVP_DigestSign(context, &signature, &count, message, message.count) == 1
        else { return nil }
        return ECDSASignature.plain(Array(signature.prefix(count)))
    }
}

/// Two numbers of 32 bytes in tokens, a structure in DER for OpenSSL.
enum ECDSASignature {
    static func der(_ plain: [UInt8]) -> [UInt8]? {
        guard plain.count == 64, let signature = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(signature) }
        let (r, s) = (BN_bin2bn(plain, 32, nil), BN_bin2bn(Array(plain[32...]), 32, nil))
        guard ECDSA_SIG_set0(signature, r, s) == 1 else {
            BN_free(r)
            BN_free(s)
            return nil
        }
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_ECDSA_SIG(signature, &start)
        guard count > 0, let start else { return nil }
        defer { CRYPTO_free(start, nil, 0) }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }

    static func plain(_ der: [UInt8]) -> [UInt8]? {
        der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            guard let signature = d2i_ECDSA_SIG(nil, &start, bytes.count) else { return nil }
            defer { ECDSA_SIG_free(signature) }
            var (r, s) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 32))
            guard BN_bn2binpad(ECDSA_SIG_get0_r(signature), &r, 32) == 32,
                BN_bn2binpad(ECDSA_SIG_get0_s(signature), &s, 32) == 32
            else { return nil }
            return r + s
        }
    }
}
