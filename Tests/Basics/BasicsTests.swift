import Testing

@testable import Basics

@Suite struct SecretTests {
    @Test("no way of printing a secret shows it")
    func neverPrinted() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(["key": secret], to: &dumped)
        for text in ["\(secret)", String(describing: secret), String(reflecting: secret), dumped] {
            #expect(!text.contains("hunter2"), "\(text)")
        }
        #expect(secret.reveal() == "hunter2")
    }

    @Test("secrets compare by value")
    func equality() {
        #expect(Secret("a") == Secret("a"))
        #expect(Secret("a") != Secret("b"))
        #expect(Secret("a") != Secret("aa"))
    }
}

@Suite struct ConstantTimeTests {
    @Test("equal bytes are equal, any difference is not")
    func comparison() {
        #expect(constantTimeEqual([], []))
        #expect(constantTimeEqual([1, 2, 3], [1, 2, 3]))
        for index in 0..<3 {
            var other: [UInt8] = [1, 2, 3]
            other[index] ^= 0x80
            #expect(!constantTimeEqual([1, 2, 3], other))
        }
        #expect(!constantTimeEqual([1, 2], [1, 2, 3]))
    }
}

@Suite struct Base64URLTests {
    @Test(
        "the examples of RFC 4648, section 10, without padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ])
    func examples(plain: String, encoded: String) {
        #expect(Base64URL.encode(Array(plain.utf8)) == encoded)
        #expect(Base64URL.decode(encoded) == Array(plain.utf8))
    }

    @Test(
        "what is not exactly an encoding is refused", arguments: ["Z", "Zg=", "Zh", "Z g", "Zm9+", "Zm9/", "Zm8\u{e9}"])
    func refusals(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test("every byte survives the round trip")
    func roundTrip() {
        let bytes = (0...255).map { UInt8($0) }
        for count in 0...256 {
            let some = Array(bytes.prefix(count))
            #expect(Base64URL.decode(Base64URL.encode(some)) == some)
        }
    }
}

@Suite struct TimestampTests {
    @Test("arithmetic does not overflow")
    func saturation() {
        #expect(Timestamp(milliseconds: .max) + .seconds(1) == Timestamp(milliseconds: .max))
        #expect(Timestamp(milliseconds: .min) - .seconds(1) == Timestamp(milliseconds: .min))
    }

    @Test("differences and sums agree")
    func difference() {
        let start = Timestamp(milliseconds: 1_000)
        #expect((start + .milliseconds(250)).since(start) == .milliseconds(250))
        #expect(start.since(start + .seconds(2)) == .seconds(-2))
        #expect(Duration.microseconds(1_999).milliseconds == 1)
    }
}
