/// Paths as they are written in a configuration.
enum FilePath {
    static func resolve(_ text: String, from folder: String) throws(Complaint) -> String {
        guard !text.isEmpty else { throw Complaint("is empty") }
        guard !text.utf8.contains(0), !text.contains("\n") else { throw Complaint("has a line break or a zero byte") }
        guard !text.hasPrefix("~") else { throw Complaint("starts with `~`, which only a shell understands") }
        if text.hasPrefix("/") { return text }
        let relative = text.hasPrefix("./") ? String(text.dropFirst(2)) : text
        return folder.isEmpty ? relative : (folder.hasSuffix("/") ? folder : folder + "/") + relative
    }

    /// Refuses what looks like a Databricks OAuth secret instead of the path of a file with one.
    static func resolveSecret(_ text: String, from folder: String) throws(Complaint) -> String {
        guard !Echo.mayHoldSecret(text) || text.contains("/") || text.contains(".") else {
            throw Complaint(
                "looks like the secret itself", echo: .withheld,
                remedy: "put the secret into a file that only Lakegate can read, and name the file here")
        }
        return try resolve(text, from: folder)
    }
}
