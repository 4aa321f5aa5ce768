import Basics
import COpenSSL

@testable import JOSE

/// Tokens that somebody puts together from what he has.
enum Forgery {
    /// A key of the forger's own.
    static let key = SigningKey(number: [UInt8](repeating: 9, count: 32))

    static func part(_ json: String) -> String {
        Base64URL.encode(Array(json.utf8))
    }

    static func parts(_ token: String) -> [String] {
        token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }

    static func json(_ part: String) -> String {
        String(decoding: Base64URL.decode(part) ?? [], as: UTF8.self)
    }

    /// The token with another header or payload under its old signature.
    static func changed(_ token: String, header: String? = nil, payload: String? = nil) -> String {
        let old = parts(token)
        return [header.map(part) ?? old[0], payload.map(part) ?? old[1], old[2]].joined(separator: ".")
    }

    static func signed(_ header: String, _ payload: String, by key: SigningKey? = key) -> String {
        let text = "\(part(header)).\(part(payload))"
        return "\(text).\(Base64URL.encode(key?.sign(Array(text.utf8)) ?? []))"
    }

    /// HS256 with a public key's text as the secret (CVE-2016-5431).
    static func keyed(_ header: String, _ payload: String, secret: String) -> String {
        let (text, secret) = ("\(part(header)).\(part(payload))", Array(secret.utf8))
        var (code, count) = ([UInt8](repeating: 0, count: 32), 0)
        EVP_Q_mac(
            nil, "HMAC", nil, "SHA256", nil, secret, secret.count, Array(text.utf8), text.utf8.count, &code, code.count,
            &count)
        return "\(text).\(Base64URL.encode(code))"
    }
}
