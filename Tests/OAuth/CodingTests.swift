import Basics
import OAuth
import Testing

@Suite struct CodingTests {
    @Test(arguments: [
        ("", ""), ("AZaz09-._~", "AZaz09-._~"), ("a b", "a%20b"), ("a+b&c=d", "a%2Bb%26c%3Dd"),
        ("ä/€", "%C3%A4%2F%E2%82%AC"),
        ("\r\n\0", "%0D%0A%00"), ("%", "%25"),
    ])
    func percentCodingGoesThereAndBack(plain: String, encoded: String) {
        #expect(PercentCoding.encode(plain) == encoded)
        #expect(PercentCoding.decode(encoded.utf8) == Array(plain.utf8))
    }

    @Test(arguments: ["%", "%4", "%4g", "%%41", "a%zz", "%-1"])
    func brokenPercentCodingIsRefused(text: String) {
        #expect(PercentCoding.decode(text.utf8) == nil)
        #expect(FormCoding.decode("a=\(text)") == nil)
        #expect(FormCoding.decode("\(text)=a") == nil)
    }

    @Test(arguments: [
        ("", ""), ("a%2fb", "a/b"), ("%", "%"), ("%4", "%4"), ("%4g%41", "%4gA"), ("%%41", "%A"), ("%25zz%", "%zz%"),
    ])
    func lenientDecodingLeavesTheRest(text: String, meant: String) {
        #expect(PercentCoding.decodeLeniently(Array(text.utf8)) == Array(meant.utf8))
    }

    @Test func formsAreReadInOrder() {
        let fields = FormCoding.decode("a=1&b=x+y%2B&&c&d=&a=2&e=f=g")
        #expect(
            fields == [
                .init("a", "1"), .init("b", "x y+"), .init("c", ""), .init("d", ""), .init("a", "2"), .init("e", "f=g"),
            ])
        #expect(fields?.only("b") == "x y+")
        #expect(fields?.only("a") == nil, "twice is not once")
        #expect(fields?.only("z") == nil)
    }

    @Test func formsAreBoundedAndUTF8() {
        #expect(FormCoding.decode(Array(repeating: "a=1", count: 65).joined(separator: "&")) == nil)
        #expect(FormCoding.decode(Array(repeating: "a=1", count: 64).joined(separator: "&"))?.count == 64)
        #expect(FormCoding.decode("a=%ff") == nil)
        #expect(FormCoding.decode("a=%C3%28") == nil)
    }

    @Test(arguments: [
        ("plain words", "plain words"), ("line\r\nSet-Cookie: x", "line Set-Cookie: x"), ("\u{202E}gnp.exe", "gnp.exe"),
        ("token \(String(repeating: "a", count: 50)) end", "token … end"), ("\u{0}\u{7f}", ""),
    ])
    func textFromOutsideIsMadeSafe(text: String, safe: String) {
        #expect(SafeText.clean(text, longest: 100) == safe)
    }

    @Test func longTextIsCut() {
        let text = Array(repeating: "word", count: 10_000).joined(separator: " ")
        #expect(SafeText.clean(text, longest: 30).count == 30)
    }
}
