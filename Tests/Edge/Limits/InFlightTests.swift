import Testing

@testable import Edge

@Suite struct InFlightTests {
    /// Commands, and what came of each: `+a` comes, `-` one ends, `>` the first in line is asked in, `@5` waits since
    /// before then are over. `a!` goes at once, `a~` waits, `a/` is refused.
    private func transcript(most: Int, waiting: Int, _ commands: String, gone: Set<Character> = []) -> String {
        var places = InFlight<Character>(most: most, waiting: waiting)
        var now: UInt64 = 0
        return commands.split(separator: " ").map { command in
            now += 1
            let name = command.last ?? " "
            switch command.first {
            case "+":
                if places.enter() { return "\(name)!" }
                return places.wait(name, at: now, isGone: gone.contains) ? "\(name)~" : "\(name)/"
            case "-":
                places.leave()
                return "\(places.count)"
            case ">": return places.next().map { "\($0)!" } ?? "."
            default: return String(places.takeOverdue(before: UInt64(command.dropFirst()) ?? 0)) + "/"
            }
        }.joined(separator: " ")
    }

    @Test("first come, first served, and no more wait than may")
    func order() {
        #expect(transcript(most: 1, waiting: 2, "+a +b +c +d > - > > - >") == "a! b~ c~ d/ . 0 b! . 0 c!")
    }

    @Test("a free place is for those who wait for it")
    func noOvertaking() {
        #expect(transcript(most: 1, waiting: 2, "+a +b - +c > - >") == "a! b~ 0 c~ b! 0 c!")
    }

    @Test("who waits for too long is taken out, in order, and others stay")
    func overdue() {
        #expect(transcript(most: 1, waiting: 9, "+a +b +c +d @4 - >") == "a! b~ c~ d~ bc/ 0 d!")
    }

    @Test("who is gone leaves room in the line")
    func gone() {
        #expect(transcript(most: 1, waiting: 1, "+a +b +c - >", gone: ["b"]) == "a! b~ c~ 0 c!")
        #expect(transcript(most: 1, waiting: 0, "+a +b") == "a! b/")
    }

    @Test("loops share what a process may, rounded up")
    func share() {
        var limits = EdgeLimits()
        (limits.requests, limits.queue) = (3, 0)
        var places = InFlight<Int>(limits, loops: 2)
        #expect(places.enter() && places.enter() && !places.enter())
        #expect(!places.wait(1, at: 0) { _ in false })
    }
}
