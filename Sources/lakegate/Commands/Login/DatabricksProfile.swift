import Basics

/// A profile of `~/.databrickscfg`: a section of an INI file that Databricks' clients read.
struct DatabricksProfile: Sendable {
    let name: String
    let host: String
    let token: Secret<String>

    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains(byte)
            }
    }

    /// The file's text with this profile in it. What stands outside of its section stays byte for byte; in it, all that says
    /// who one is gives way, since clients refuse two ways to log in beside each other.
    func placed(in text: String) -> Secret<String> {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        let credentials = ["host = \(host)", "token = \(token.reveal())"]
        guard let start = lines.firstIndex(where: { Self.section($0) == name }) else {
            let gap = text.isEmpty ? "" : text.hasSuffix("\n") ? "\n" : "\n\n"
            return Secret(text + gap + (["[\(name)]"] + credentials).joined(separator: "\n") + "\n")
        }
        let end = lines[(start + 1)...].firstIndex { Self.section($0) != nil } ?? lines.endIndex
        let kept = Self.withoutCredentials(Array(lines[(start + 1)..<end]))
        lines.replaceSubrange((start + 1)..<end, with: credentials + kept)
        return Secret(lines.joined(separator: "\n"))
    }

    private static func section(_ line: String) -> String? {
        let line = line.trimmingBlanks
        guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else { return nil }
        return String(line[line.index(after: line.startIndex)..<end]).trimmingBlanks
    }

    /// Blank lines at the end are kept, so that the file reads as before; a line that is indented goes on with the one before.
    private static func withoutCredentials(_ lines: [String]) -> [String] {
        var isDropping = false
        return lines.filter { line in
            let isContinued = line.first.map { $0 == " " || $0 == "\t" } ?? false
            if !isContinued { isDropping = key(line).map(isCredential) ?? false }
            return !isDropping
        }
    }

    private static func key(_ line: String) -> String? {
        line.firstIndex { $0 == "=" || $0 == ":" }.map { String(line[..<$0]).trimmingBlanks.lowercased() }
    }

    private static func isCredential(_ key: String) -> Bool {
        let names = [
            "host", "token", "auth_type", "username", "password", "client_id", "client_secret", "account_id",
            "metadata_service_url", "oauth_callback_port", "audience",
        ]
        return names.contains(key) || ["azure_", "google_", "oidc_", "databricks_cli_"].contains { key.hasPrefix($0) }
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        let isBlank = { (character: Character) in character == " " || character == "\t" || character == "\r" }
        let end = lastIndex { !isBlank($0) }
        return end.map { String(self[...$0].drop(while: isBlank)) } ?? ""
    }
}
