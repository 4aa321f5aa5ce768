import Basics

/// Eight letters that a person compares or types. No vowels, so that there are no words, and nothing that looks like
/// something else (RFC 8628, section 6.1).
struct HandoffCode: Sendable, Equatable {
    /// In capitals, without the dash.
    let letters: String

    /// In two groups, to be read: `WDJB-MJHT`.
    var text: String {
        "\(letters.prefix(4))-\(letters.suffix(4))"
    }

    /// Reads what a person typed, in any case and with any dashes and blanks; `nil` if it is no code.
    init?(_ typed: String) {
        guard typed.utf8.count <= 64 else { return nil }
        let letters = typed.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: " ") }.map(Self.capital)
        guard letters.count == Self.length, letters.allSatisfy(Self.alphabet.contains) else { return nil }
        self.letters = String(decoding: letters, as: UTF8.self)
    }

    /// One of 20^8, each as likely as the others.
    init(random: RandomSource) {
        var letters: [UInt8] = []
        while letters.count < Self.length {
            // 240 is the largest multiple of 20 in a byte; what lies above would prefer some letters.
            let usable = random.bytes(16).filter { $0 < 240 }
            letters += usable.prefix(Self.length - letters.count).map { Self.alphabet[Int($0) % Self.alphabet.count] }
        }
        self.letters = String(decoding: letters, as: UTF8.self)
    }

    private static func capital(_ letter: UInt8) -> UInt8 {
        (0x61...0x7A).contains(letter) ? letter & ~0x20 : letter
    }

    private static let length = 8
    private static let alphabet = Array("BCDFGHJKLMNPQRSTVWXZ".utf8)
}
