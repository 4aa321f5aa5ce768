import Testing

@testable import Wire

@Suite struct Octets {
    private let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

    @Test func setsAreWhatTheStandardsSay() {
        let visible = String(decoding: (0x21...0x7E).map(UInt8.init), as: UTF8.self)
        check(.token, letters + "!#$%&'*+-.^_`|~")
        check(.plainName, letters + "-")
        check(.hostName, letters + "-._")
        check(.target, visible.filter { !"\"#<>\\".contains($0) })
    }

    private func check(_ set: OctetSet, _ members: String) {
        for octet in UInt8.min ... .max {
            #expect(set.contains(octet) == members.utf8.contains(octet))
        }
    }

    @Test func digitsAndCases() {
        for octet in UInt8.min ... .max {
            let character = Character(Unicode.Scalar(octet))
            #expect(octet.hexValue.map(Int.init) == (octet < 128 ? character.hexDigitValue : nil))
            #expect(octet.isDigit == ("0"..."9" ~= character))
            #expect(octet.lowercased == (octet < 128 ? character.lowercased().utf8.first : octet))
        }
    }

    /// The fast scan agrees with a slow one, for every octet at every place of a word.
    @Test func controlsAreFoundWhereverTheyAre() {
        for octet in UInt8.min ... .max {
            for place in 0..<70 {
                var bytes = [UInt8](repeating: place & 1 == 0 ? 0x20 : 0xFF, count: 70)
                bytes[place] = octet
                let isControl = octet < 0x20 && octet != 9 || octet == 0x7F
                #expect(bytes.span.bytes.firstControl(from: 0) == (isControl ? place : 70))
                #expect(bytes.span.bytes.isText() == !isControl)
            }
        }
    }
}
