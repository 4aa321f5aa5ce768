import Foundation
import Testing

@testable import Wire

@Suite struct BasicCredentialsTests {
    private func read(_ value: String) -> BasicCredentials? {
        let bytes = Array(value.utf8)
        return BasicCredentials(bytes.span.bytes)
    }

    private func said(_ pair: String) -> String { "Basic \(Data(pair.utf8).base64EncodedString())" }

    @Test(arguments: ["a", "ab", "abc", "a:b", "", "lkg_" + String(repeating: "x", count: 43), "\u{e9}\0"])
    func aPasswordComesOutAsItWas(_ password: String) throws {
        let found = try #require(read(said("token:\(password)")))
        #expect(found.isToken && found.password == Array(password.utf8))
    }

    @Test func whateverAServerMightReadIsRead() {
        let plain = Data("token:>>>???".utf8).base64EncodedString()
        let folded = plain.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        for value in ["basic \(plain)", "BASIC  \(plain)", "Basic \(folded)", "Basic \(plain) "] {
            #expect(read(value)?.password == Array(">>>???".utf8), "\(value)")
        }
    }

    @Test(arguments: ["Tokens:x", "Token:x", ":x", "token :x", "tokentoken:x"])
    func otherUsersAreNoToken(_ pair: String) throws {
        #expect(try !#require(read(said(pair))).isToken)
    }

    @Test(arguments: ["Bearer dG9rZW46eA==", "Basic", "Basic !!!!", "Basic dG9rZW4=", "Basic \u{e9}", "Basicdg==", ""])
    func anythingElseIsNone(_ value: String) {
        #expect(read(value) == nil)
    }
}
