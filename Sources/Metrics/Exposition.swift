/// Writes Prometheus' text format 0.0.4.
struct Exposition {
    private(set) var text = ""
    private var name = ""

    enum Kind: String {
        case counter, gauge, histogram
    }

    /// Starts a family; samples that follow belong to it.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(Exposition.escaped(help, quotes: .keep))\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ labels: [(String, String)], _ value: Int) {
        line(name, labels, "\(value)")
    }

    /// Buckets in the format add up: each counts everything up to its bound.
    mutating func histogram(
        _ label: (String, String), _ bounds: [String], _ counts: [Int], sumOfNanoseconds sum: Int
    ) {
        var total = 0
        for (bound, count) in zip(bounds + ["+Inf"], counts) {
            total += count
            line(name + "_bucket", [label, ("le", bound)], "\(total)")
        }
        line(name + "_sum", [label], Exposition.seconds(sum))
        line(name + "_count", [label], "\(total)")
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: String) {
        let pairs = labels.map { "\($0)=\"\(Exposition.escaped($1, quotes: .escape))\"" }
        text += name + (pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") + " \(value)\n"
    }

    private enum Quotes {
        case escape, keep
    }

    private static func escaped(_ text: String, quotes: Quotes) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes == .escape: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    /// Nanoseconds as decimal seconds, exactly.
    private static func seconds(_ nanoseconds: Int) -> String {
        let (whole, rest) = max(0, nanoseconds).quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = "\(rest)"
        return "\(whole)." + String(repeating: "0", count: 9 - digits.count) + digits
    }
}
