import Settings

/// The smallest configuration with a store that survives a restart.
let sample = """
    listen: 0.0.0.0:8443
    tls:
      certificate: tls.crt
      privateKey: /keys/tls.key
    store: redis://127.0.0.1:6379/0
    sealing:
      keyring: keyring.json
    workspaces:
      - name: prod
        hosts: [Prod.Lakegate.example.com]
        url: https://dbc-1234.cloud.databricks.com
        oauth:
          clientID: 0123
    """

func parse(_ text: String, _ environment: [String: String] = [:]) throws(SettingsMistakes) -> Settings {
    try SettingsParser.parse(text: text, environment: environment, baseDirectory: "/etc/lakegate")
}

/// The mistakes of a text; none if it is right.
func mistakes(_ text: String, _ environment: [String: String] = [:]) -> [SettingsMistake] {
    do {
        _ = try parse(text, environment)
        return []
    } catch {
        return error.mistakes
    }
}

/// The sample with one line replaced.
func sample(_ line: String, becomes replacement: String) -> String {
    let lines = sample.split(separator: "\n", omittingEmptySubsequences: false)
    precondition(lines.contains { $0.hasSuffix(line) }, "the sample has no line that ends with \(line)")
    return lines.map { $0.hasSuffix(line) ? $0.dropLast(line.count) + replacement : String($0) }
        .joined(separator: "\n")
}
