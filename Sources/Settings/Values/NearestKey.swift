/// Finds what an operator may have meant by a key that does not exist.
enum NearestKey {
    /// The most similar of the candidates, if one is similar enough to be worth naming.
    static func to(_ key: String, among candidates: [String]) -> String? {
        let scored = candidates.map { (name: $0, distance: distance(plain(key), plain($0))) }
        guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, min(key.count, best.name.count) / 3) ? best.name : extended(key, candidates)
    }

    /// A key that says the same and more: `clientSecret` for `clientSecretFile`.
    private static func extended(_ key: String, _ candidates: [String]) -> String? {
        key.count < 3
            ? nil : candidates.first { plain($0).starts(with: plain(key)) || plain(key).starts(with: plain($0)) }
    }

    /// Without what people vary: case, `_` and `-`.
    private static func plain(_ key: String) -> [Character] {
        key.prefix(64).lowercased().filter { $0 != "_" && $0 != "-" }
    }

    /// How many characters are to be added, removed or replaced (Levenshtein).
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (index, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let replaced = diagonal + (character == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
