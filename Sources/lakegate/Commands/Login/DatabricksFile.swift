import Basics
import Foundation

/// The file with the profiles of Databricks' clients.
struct DatabricksFile: Sendable {
    let path: String

    init(path: String) {
        self.path = path
    }

    init(environment: [String: String]) {
        let named = environment["DATABRICKS_CONFIG_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        let home = environment["HOME"] ?? NSHomeDirectory()
        let path = named ?? "\(home)/.databrickscfg"
        self.path = path.hasPrefix("~/") ? home + path.dropFirst() : path
    }

    /// Puts a profile in the place of one of its name, or at the end. The file is replaced as a whole, and then only its owner
    /// can read it.
    func write(_ profile: DatabricksProfile) throws(PrivateFile.Fault) {
        // Somebody may keep it elsewhere, with a link in its place, which stays.
        let target = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
        let text = profile.placed(in: try Self.text(of: target))
        let draft = "\(target).\(ProcessInfo.processInfo.processIdentifier).new"
        try PrivateFile.create(draft, content: text.reveal())
        guard rename(draft, target) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(draft)
            throw PrivateFile.Fault(text: "cannot be replaced: \(reason)")
        }
    }

    private static func text(of path: String) throws(PrivateFile.Fault) -> String {
        guard FileManager.default.fileExists(atPath: path) else { return "" }
        guard let content = FileManager.default.contents(atPath: path), content.count <= 1024 * 1024 else {
            throw PrivateFile.Fault(text: "cannot be read, or is longer than 1 MiB")
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw PrivateFile.Fault(text: "is not in UTF-8")
        }
        return text
    }
}
