import Basics
import Foundation
import Sessions
import Testing

@testable import JOSE

/// Every way to say "signed by Lakegate" that is not true.
@Suite struct ForgedTokenTests {
    private let keys = FacadeKeys(KeyringBox(.ephemeral(random: .system)))

    private func opens(_ text: String) -> Bool {
        guard let token = UnverifiedToken(Secret(text)) else { return false }
        return keys.open(token) != nil
    }

    private func real() throws -> String {
        try #require(keys.sign(FacadeKeysTests.claims)).reveal()
    }

    private func header(_ change: (inout [String: String]) -> Void) throws -> String {
        let data = Data(Forgery.json(Forgery.parts(try real())[0]).utf8)
        var fields = try JSONDecoder().decode([String: String].self, from: data)
        change(&fields)
        return String(decoding: try JSONEncoder().encode(fields), as: UTF8.self)
    }

    private func payload(_ token: String) -> String { Forgery.json(Forgery.parts(token)[1]) }

    @Test func theRealOneOpens() throws {
        #expect(opens(try real()))
    }

    /// CVE-2015-9235 and all after it.
    @Test(arguments: [
        "none", "None", "NONE", "nOnE", "", "HS256", "RS256", "ES384", "PS256", "EdDSA", "ES256K", "es256",
    ])
    func anotherAlgorithmIsRefused(name: String) throws {
        let token = try real()
        let other = try header { $0["alg"] = name }
        #expect(!opens(Forgery.changed(token, header: other)))
        #expect(
            !opens(Forgery.parts(Forgery.changed(token, header: other)).dropLast().joined(separator: ".") + "."))
        #expect(!opens(Forgery.signed(other, payload(token))))
    }

    /// CVE-2016-5431: the public key as a shared secret.
    @Test func aPublicKeyIsNoSecret() throws {
        let key = try #require(keys.published().keys.first)
        let set = String(decoding: try JSONEncoder().encode(keys.published()), as: UTF8.self)
        for secret in [key.x, key.y, key.x + key.y, set] {
            let other = try header { $0["alg"] = "HS256" }
            #expect(!opens(Forgery.keyed(other, payload(try real()), secret: secret)))
        }
    }

    /// CVE-2018-0114: a key that the token brings along, or says where to find.
    @Test func keysOfTheTokenAreNotRead() throws {
        let own = try #require(Forgery.key)
        let id = try #require(keys.published().keys.first).id
        let jwk =
            #"{"kty":"EC","crv":"P-256","kid":"\#(id)","x":"\#(Base64URL.encode(own.x))","y":"\#(Base64URL.encode(own.y))"}"#
        for field in [
            #""jwk":\#(jwk)"#, #""jku":"https://evil.example/keys""#, #""x5u":"https://evil.example/cert""#,
            #""x5c":["MIIB"]"#,
        ] {
            let header = #"{"alg":"ES256","typ":"at+jwt","kid":"\#(id)",\#(field)}"#
            #expect(!opens(Forgery.signed(header, payload(try real()), by: own)))
        }
    }

    @Test(arguments: ["", "x", "../../../../dev/null", "' OR 1=1 --", "lakegate-", "/proc/self/environ", "lakegate-*"])
    func anotherKeyIDIsRefused(id: String) throws {
        let other = try header { $0["kid"] = id }
        #expect(!opens(Forgery.changed(try real(), header: other)))
        #expect(!opens(Forgery.signed(other, payload(try real()))))
    }

    @Test func noKeyIDIsRefused() throws {
        let other = try header { $0["kid"] = nil }
        #expect(!opens(Forgery.signed(other, payload(try real()))))
    }

    /// RFC 8725, section 3.11: another kind of signed token is not one of these.
    @Test(arguments: ["JWT", "jwt", "AT+JWT", "logout+jwt", "dpop+jwt", ""]) func anotherTypeIsRefused(type: String)
        async throws
    {
        let other = try header { $0["typ"] = type }
        #expect(!opens(Forgery.changed(try real(), header: other)))
    }

    @Test(arguments: [#""crit":["exp"]"#, #""crit":[]"#, #""crit":null"#, #""b64":false,"crit":["b64"]"#])
    func criticalExtensionsAreRefused(field: String) throws {
        let id = try #require(keys.published().keys.first).id
        let token = Forgery.changed(
            try real(), header: #"{"alg":"ES256","typ":"at+jwt","kid":"\#(id)",\#(field)}"#)
        let read = UnverifiedToken(Secret(token))
        #expect(read?.header.isCritical != false)
        #expect(!opens(token))
    }

    /// CVE-2021-29651, CVE-2022-29226: a payload that nobody signed.
    @Test(arguments: [("ann@example.com", "bob@example.com"), ("\"prod\"", "\"dev\""), ("1800003600", "9999999999")])
    func aChangedPayloadIsRefused(old: String, new: String) throws {
        let token = try real()
        let changed = payload(token).replacing(old, with: new)
        #expect(changed != payload(token))
        #expect(!opens(Forgery.changed(token, payload: changed)))
    }

    @Test func brokenSignaturesAreRefused() throws {
        let parts = Forgery.parts(try real())
        let signature = try #require(Base64URL.decode(parts[2]))
        var wrong = ["", "AA", String(parts[2].dropLast(4)), parts[2] + "AAAA", String(repeating: "A", count: 86)]
        for index in stride(from: 0, to: signature.count, by: 7) {
            var other = signature
            other[index] ^= 1
            wrong.append(Base64URL.encode(other))
        }
        for other in wrong { #expect(!opens([parts[0], parts[1], other].joined(separator: "."))) }
    }

    /// One token, one spelling: whoever remembers what a token means goes by its text.
    @Test func otherSpellingsAreNoTokens() throws {
        let token = try real()
        for other in [
            token + "=", token + " ", " " + token, token + ".", "." + token, token.replacing(".", with: ".."),
            token + "\n", token.replacing(".", with: ".\n"), token.uppercased(), token + "\u{0}", "Bearer " + token,
            token.replacing(".", with: "=."), String(token.dropLast()), "eyJ", "", "..", "a.b.c", "e30.e30.",
        ] { #expect(!opens(other)) }
    }

    /// CVE-2023-28625, CVE-2024-24814: size and depth.
    @Test(.timeLimit(.minutes(1))) func bombsAreRefused() throws {
        let deep = String(repeating: "[", count: 8000)
        let parts = Forgery.parts(try real())
        for header in [deep, "{\"alg\":\(deep)", String(repeating: " ", count: 12_000) + "{}"] {
            #expect(UnverifiedToken(Secret("\(Forgery.part(header)).\(parts[1]).\(parts[2])")) == nil)
            #expect(UnverifiedToken(Secret("\(parts[0]).\(Forgery.part(header)).\(parts[2])")) == nil)
        }
        let long = Forgery.part(String(repeating: " ", count: 20_000) + payload(try real()))
        #expect(UnverifiedToken(Secret("\(parts[0]).\(long).\(parts[2])")) == nil)
        for time in ["1e300", "-1e300", "1e12", "\"1\"", "true", "NaN", "[1]"] {
            let payload = #"{"iss":"a","exp":\#(time)}"#
            #expect(UnverifiedToken(Secret("\(parts[0]).\(Forgery.part(payload)).\(parts[2])")) == nil, "\(time)")
        }
    }
}
