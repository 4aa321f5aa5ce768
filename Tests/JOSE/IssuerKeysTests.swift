import Basics
import Foundation
import Synchronization
import Testing

@testable import JOSE

/// An issuer with a key of each kind, and what it answers to whoever asks for keys.
final class Issuer: Sendable {
    static let name = "https://issuer.example"
    struct State {
        var time: Int64 = 1_800_000_000
        var documents: [String: String] = [:]
        var asked: [String] = []
    }
    let state = Mutex(State())
    let key = SigningKey(number: [UInt8](repeating: 7, count: 32))

    var clock: WallClock {
        WallClock { Timestamp(milliseconds: self.state.withLock { $0.time } * 1000) }
    }

    func keys(_ url: String? = "\(Issuer.name)/keys", issuer: String = name) -> IssuerKeys {
        let source = IssuerKeySource(issuer: issuer, keysURL: url) { url throws(IssuerKeysFault) in
            let body = self.state.withLock { state in
                state.asked.append(url)
                return state.documents[url]
            }
            guard let body else { throw IssuerKeysFault(reason: "away") }
            return Array(body.utf8)
        }
        return IssuerKeys(source, clock: clock)
    }

    func publish(_ keys: [String]) {
        state.withLock { $0.documents["\(Self.name)/keys"] = #"{"keys":[\#(keys.joined(separator: ","))]}"# }
    }

    func pass(_ seconds: Int64) { state.withLock { $0.time += seconds } }

    var asked: Int { state.withLock { $0.asked.count } }

    static func ec(_ key: SigningKey?, _ id: String = "k1", _ more: String = "") -> String {
        let (x, y) = (Base64URL.encode(key?.x ?? []), Base64URL.encode(key?.y ?? []))
        return #"{"kty":"EC","crv":"P-256","kid":"\#(id)","x":"\#(x)","y":"\#(y)"\#(more)}"#
    }

    func token(
        _ payload: String = #"{"iss":"https://issuer.example","sub":"job","aud":["x","gate"],"exp":1800000300}"#,
        header: String = #"{"alg":"ES256","kid":"k1"}"#, by other: SigningKey? = nil
    ) throws -> UnverifiedToken {
        try #require(UnverifiedToken(Secret(Forgery.signed(header, payload, by: other ?? key))))
    }
}

@Suite struct IssuerKeysTests {
    private let issuer = Issuer()

    @Test func aTokenOfTheIssuerIsBelieved() async throws {
        issuer.publish([#"{"kty":"oct","k":"AA","kid":"s"}"#, #"{"kty":"??"}"#, "7", Issuer.ec(issuer.key)])
        let keys = issuer.keys()
        let token = try issuer.token()
        #expect(try await keys.believes(token))
        #expect(try await keys.believes(token))
        #expect(issuer.asked == 1)
        #expect(token.claims.subject == "job" && token.claims.audiences == ["x", "gate"])
    }

    /// The example of RFC 7515, appendix A.2: RS256, and no name of a key.
    @Test func rsaKeysWork() async throws {
        let modulus = SignatureVectorTests.modulus
        issuer.state.withLock { $0.time = 1_300_819_000 }
        let token = try #require(UnverifiedToken(Secret(SignatureVectorTests.rsToken)))
        issuer.publish([#"{"kty":"RSA","alg":"RS256","use":"sig","kid":"r1","n":"\#(modulus)","e":"AQAB"}"#])
        #expect(try await issuer.keys(issuer: "joe").believes(token))
        #expect(try await !issuer.keys().believes(token))
        // The same key for something else.
        for other in [#""alg":"PS256""#, #""alg":"RS512""#, #""use":"enc""#] {
            issuer.publish([#"{"kty":"RSA",\#(other),"kid":"r1","n":"\#(modulus)","e":"AQAB"}"#])
            #expect(try await !issuer.keys(issuer: "joe").believes(token))
        }
    }

    @Test(
        "GHSA-wcvh-g65p-v576: another issuer, another time",
        arguments: [
            #"{"iss":"https://issuer.example/","exp":1800000300}"#, #"{"iss":"https://evil.example","exp":1800000300}"#,
            #"{"iss":"https://ISSUER.example","exp":1800000300}"#, #"{"iss":"https://issuer.example"}"#,
            #"{"iss":"https://issuer.example","exp":1799999940}"#, #"{"iss":"https://issuer.example","exp":0}"#,
            #"{"iss":"https://issuer.example","exp":1800000300,"nbf":1800000061}"#,
            #"{"iss":"https://issuer.example","exp":-1}"#,
        ]) func whatItDoesNotSayIsNotBelieved(payload: String) async throws
    {
        issuer.publish([Issuer.ec(issuer.key)])
        #expect(try await !issuer.keys().believes(try issuer.token(payload)))
    }

    @Test(arguments: [
        #"{"iss":"https://issuer.example","exp":1799999941}"#,
        #"{"iss":"https://issuer.example","exp":1800000300.5,"nbf":1800000060}"#,
    ]) func clocksMayDifferByAMinute(payload: String) async throws {
        issuer.publish([Issuer.ec(issuer.key)])
        #expect(try await issuer.keys().believes(try issuer.token(payload)))
    }

    @Test(arguments: [
        #"{"alg":"none","kid":"k1"}"#, #"{"alg":"HS256","kid":"k1"}"#, #"{"alg":"ES384","kid":"k1"}"#,
        #"{"alg":"PS256","kid":"k1"}"#, #"{"alg":"RS256","kid":"k1"}"#, #"{"alg":"ES256","kid":"k1","crit":["exp"]}"#,
        #"{"alg":"ES256","kid":"K1"}"#, #"{"alg":"ES256","kid":"../k1"}"#,
    ]) func headersAreReadStrictly(header: String) async throws {
        issuer.publish([Issuer.ec(issuer.key)])
        #expect(try await !issuer.keys().believes(try issuer.token(header: header)))
    }

    @Test(arguments: [#","use":"enc""#, #","alg":"ES384""#, #","alg":"none""#]) func keysForOtherThingsAreNotUsed(
        more: String
    ) async throws {
        issuer.publish([Issuer.ec(issuer.key, "k1", more)])
        #expect(try await !issuer.keys().believes(try issuer.token()))
    }

    /// CVE-2018-0114.
    @Test func theTokensOwnKeyIsNotUsed() async throws {
        issuer.publish([Issuer.ec(issuer.key)])
        let own = Forgery.key
        for header in [
            #"{"alg":"ES256","kid":"k1","jwk":\#(Issuer.ec(own))}"#,
            #"{"alg":"ES256","kid":"k1","jku":"https://evil.example/"}"#,
            #"{"alg":"ES256","kid":"k1","x5u":"https://evil.example/"}"#,
        ] { #expect(try await !issuer.keys().believes(try issuer.token(header: header, by: own))) }
        #expect(issuer.state.withLock { $0.asked.allSatisfy { $0 == "\(Issuer.name)/keys" } })
    }

    @Test func anUnknownKeyIsAskedForOnceAMinute() async throws {
        issuer.publish([])
        let keys = issuer.keys()
        let token = try issuer.token()
        for _ in 0..<5 { #expect(try await !keys.believes(token)) }
        issuer.publish([Issuer.ec(issuer.key)])
        issuer.pass(59)
        #expect(try await !keys.believes(token))
        #expect(issuer.asked == 1)
        issuer.pass(1)
        #expect(try await keys.believes(token))
        #expect(issuer.asked == 2)
    }

    @Test func anOutageLeavesTheLastKeys() async throws {
        issuer.publish([Issuer.ec(issuer.key)])
        let keys = issuer.keys()
        let lasting = try issuer.token(#"{"iss":"https://issuer.example","exp":1800099999}"#)
        #expect(try await keys.believes(lasting))
        issuer.state.withLock { $0.documents = [:] }
        issuer.pass(3600)
        #expect(try await keys.believes(lasting))
        #expect(try await keys.believes(lasting))
        #expect(issuer.asked == 2)
        // What the issuer has withdrawn ends when it is back.
        issuer.publish([])
        issuer.pass(60)
        #expect(try await !keys.believes(lasting))
    }

    @Test func withoutKeysNothingIsKnown() async throws {
        let keys = issuer.keys()
        let token = try issuer.token()
        for _ in 0..<3 { await #expect(throws: IssuerKeysFault.self) { try await keys.believes(token) } }
        #expect(issuer.asked == 1)
    }

    @Test(
        "CVE-2023-28625: a bomb of JSON is no key set",
        arguments: ["", "{}", "[]", "{\"keys\":7}", "<html>", String(repeating: "[", count: 100_000)])
    func whatIsNoKeySetIsNone(text: String) async throws {
        issuer.state.withLock { $0.documents["\(Issuer.name)/keys"] = text }
        let token = try issuer.token()
        await #expect(throws: IssuerKeysFault.self) { try await issuer.keys().believes(token) }
    }

    @Test func keysAreFoundByTheConfiguration() async throws {
        issuer.publish([Issuer.ec(issuer.key)])
        let place = "\(Issuer.name)/.well-known/openid-configuration"
        let token = try issuer.token()
        for (named, isBelieved) in [("https://evil.example", false), (Issuer.name, true)] {
            issuer.state.withLock {
                $0.documents[place] = #"{"issuer":"\#(named)","jwks_uri":"https://issuer.example/keys"}"#
            }
            #expect((try? await issuer.keys(nil).believes(token)) == (isBelieved ? true : nil))
        }
    }

    @Test func withoutANameTheOnlyKeyIsMeant() async throws {
        let token = try issuer.token(header: #"{"alg":"ES256"}"#)
        issuer.publish([Issuer.ec(issuer.key)])
        #expect(try await issuer.keys().believes(token))
        issuer.publish([Issuer.ec(issuer.key), Issuer.ec(Forgery.key, "k2")])
        #expect(try await !issuer.keys().believes(token))
    }
}
