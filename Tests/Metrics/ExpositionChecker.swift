/// What is wrong with a page in Prometheus' text format 0.0.4, as strict as `promtool check metrics`; empty if nothing.
func faults(in page: String) -> [String] {
    var checker = ExpositionChecker()
    var lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.popLast() != "" { checker.faults.append("the page does not end with a line feed") }
    for line in lines { checker.check(String(line)) }
    return checker.faults
}

private struct ExpositionChecker {
    var faults: [String] = []
    private var family = ""
    private var kind = ""
    private var helped: Set<String> = []
    private var seen: Set<String> = []

    mutating func check(_ line: String) {
        if let match = line.wholeMatch(of: #/# HELP ([a-z_]+) (.+)/#) {
            family = String(match.1)
            if !helped.insert(family).inserted { faults.append("\(family) is there twice") }
        } else if let match = line.wholeMatch(of: #/# TYPE ([a-z_]+) (counter|gauge|histogram)/#) {
            if match.1 != family { faults.append("TYPE without HELP: \(line)") }
            kind = String(match.2)
            if kind == "counter", !family.hasSuffix("_total") { faults.append("a counter without _total: \(line)") }
        } else {
            sample(line)
        }
    }

    private mutating func sample(_ line: String) {
        let label = #"[a-z_]+="(?:[^"\\\n]|\\["\\n])*""#
        let pattern = #"([a-z_]+)(?:\{\#(label)(?:,\#(label))*\})? (-?[0-9]+(?:\.[0-9]+)?)"#
        guard let regex = try? Regex(pattern), let match = line.wholeMatch(of: regex),
            let name = match.output[1].substring
        else { return faults.append("not a sample: \(line)") }
        let suffixes = kind == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        if !suffixes.contains(where: { name == family + $0 }) { faults.append("outside its family: \(line)") }
        let series = line.split(separator: " ").dropLast().joined(separator: " ")
        if !seen.insert(series).inserted { faults.append("twice: \(series)") }
    }
}
