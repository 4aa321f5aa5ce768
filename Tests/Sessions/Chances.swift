import Basics

/// What is left to chance in a simulation: drawn from a seed, or one choice after the other as a script says.
enum Chances {
    case seeded(SeededGenerator)
    case scripted(Script)

    /// A fault that a script may choose, as long as there are some left.
    enum Fault: CaseIterable {
        case crash, pause, storeAway, storeFails, intentUnheard, slow, unanswered, refused
    }

    struct Script {
        /// What is chosen, in turn; beyond it the first of the possibilities.
        var choices: [Int] = []
        /// How many possibilities there were at each choice.
        var widths: [Int] = []
        /// How many of each fault may still happen.
        var left: [Fault: Int]

        mutating func choose(of width: Int) -> Int {
            guard width > 1 else { return 0 }
            widths.append(width)
            return widths.count <= choices.count ? choices[widths.count - 1] : 0
        }

        /// The scripts that differ from this one, which has run, in one later choice.
        var branches: [[Int]] {
            (choices.count..<widths.count).flatMap { place in
                (1..<widths[place]).map { choices + Array(repeating: 0, count: place - choices.count) + [$0] }
            }
        }
    }

    /// One in so many if seeded.
    mutating func happens(_ fault: Fault, oneIn: Int) -> Bool {
        guard case .scripted(var script) = self else { return one(in: oneIn) }
        guard let left = script.left[fault], left > 0 else { return false }
        let happens = script.choose(of: 2) == 1
        if happens { script.left[fault] = left - 1 }
        self = .scripted(script)
        return happens
    }

    /// What is no fault.
    mutating func one(in count: Int) -> Bool {
        which(of: count) == count - 1
    }

    mutating func which(of count: Int) -> Int {
        switch self {
        case .seeded(var generator):
            defer { self = .seeded(generator) }
            return .random(in: 0..<count, using: &generator)
        case .scripted(var script):
            defer { self = .scripted(script) }
            return script.choose(of: count)
        }
    }

    /// The shortest in a script.
    mutating func time(_ range: ClosedRange<Int64>) -> Duration {
        guard case .seeded(var generator) = self else { return .milliseconds(range.lowerBound) }
        defer { self = .seeded(generator) }
        return .milliseconds(Int64.random(in: range, using: &generator))
    }

    mutating func jitter() -> Double {
        guard case .seeded(var generator) = self else { return 0 }
        defer { self = .seeded(generator) }
        return .random(in: 0..<1, using: &generator)
    }
}
