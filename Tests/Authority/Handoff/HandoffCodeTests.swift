import Basics
import Testing

@testable import Authority

@Suite struct HandoffCodeTests {
    @Test(arguments: ["BCDF-GHJK", "bcdfghjk", " bcdf ghjk ", "b-c-d-f-g-h-j-k", "BCDF--GHJK"])
    func peopleTypeThemInManyWays(typed: String) {
        #expect(HandoffCode(typed)?.text == "BCDF-GHJK")
    }

    @Test(arguments: ["", "BCDF-GHJ", "BCDF-GHJKL", "ACDF-GHJK", "BCDF-GH0K", "ſCDF-GHJK", "ßBCDFGH", "BCDF\u{0}GHJK"])
    func otherTextIsNone(typed: String) {
        #expect(HandoffCode(typed) == nil)
    }

    @Test func allLettersComeAboutEquallyOften() {
        var counts: [Character: Int] = [:]
        for _ in 0..<5000 {
            for letter in HandoffCode(random: .system).letters { counts[letter, default: 0] += 1 }
        }
        // 2,000 each expected, with a standard deviation of 44.
        #expect(counts.count == 20 && counts.values.allSatisfy { (1700...2300).contains($0) }, "\(counts)")
    }
}
